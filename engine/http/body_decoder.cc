#include "engine/http/body_decoder.h"

#include <algorithm>
#include <utility>
#include <vector>

#include <brotli/decode.h>
#include <fmt/format.h>
#include <zlib.h>
#include <zstd.h>

#include "engine/base/check.h"
#include "engine/http/header_fields.h"

namespace perigee::http {
namespace {

constexpr const char* kTooLarge = "it grows beyond the largest body that is kept";
constexpr const char* kCutOff = "unexpected end of the data";

const uint8_t* bytes_of(std::string_view text) {
  return reinterpret_cast<const uint8_t*>(text.data());
}

// Room for what a decoder writes: grows twofold, up to a bound.
class Output {
 public:
  Output(std::string& out, size_t expected, size_t max) : out_(out), max_(max) {
    out_.resize(std::clamp<size_t>(expected, std::min<size_t>(1024, max), max));
  }
  // False if there may be no more.
  bool make_room() {
    if (used_ < out_.size()) return true;
    if (out_.size() >= max_) return false;
    out_.resize(std::min(max_, out_.size() * 2));
    return true;
  }
  uint8_t* at() { return reinterpret_cast<uint8_t*>(out_.data()) + used_; }
  size_t room() const { return out_.size() - used_; }
  void wrote(size_t bytes) { used_ += bytes; }
  void finish() { out_.resize(used_); }

 private:
  std::string& out_;
  const size_t max_;
  size_t used_ = 0;
};

// Text compresses to about a quarter.
size_t expected_size(std::string_view in) {
  return 4 * in.size();
}

const char* decode_brotli(std::string_view in, std::string& out, size_t max) {
  const std::unique_ptr<BrotliDecoderState, decltype(&BrotliDecoderDestroyInstance)> decoder(
      BrotliDecoderCreateInstance(nullptr, nullptr, nullptr), BrotliDecoderDestroyInstance);
  Output output(out, expected_size(in), max);
  size_t left = in.size();
  const uint8_t* next = bytes_of(in);
  while (true) {
    // Nothing fits, but nothing may be left to come either.
    const bool full = !output.make_room();
    size_t room = output.room();
    uint8_t* at = output.at();
    const auto status =
        BrotliDecoderDecompressStream(decoder.get(), &left, &next, &room, &at, nullptr);
    output.wrote(output.room() - room);
    if (status == BROTLI_DECODER_RESULT_SUCCESS) break;
    if (status == BROTLI_DECODER_RESULT_ERROR) return "corrupt data";
    if (status == BROTLI_DECODER_RESULT_NEEDS_MORE_INPUT) return kCutOff;
    if (full) return kTooLarge;
  }
  output.finish();
  return nullptr;
}

}  // namespace

struct BodyDecoder::Zlib : z_stream {
  explicit Zlib(int window_bits) : z_stream{} {
    PERIGEE_CHECK(inflateInit2(this, window_bits) == Z_OK);
  }
  ~Zlib() { inflateEnd(this); }
  Zlib(const Zlib&) = delete;
  Zlib& operator=(const Zlib&) = delete;

  // Decodes one stream from the front of `in`.
  const char* run(std::string_view& in, Output& output) {
    next_in = const_cast<uint8_t*>(bytes_of(in));
    avail_in = static_cast<uInt>(in.size());
    int status = Z_OK;
    while (status != Z_STREAM_END) {
      const bool full = !output.make_room();
      next_out = output.at();
      avail_out = static_cast<uInt>(output.room());
      status = inflate(this, Z_NO_FLUSH);
      output.wrote(output.room() - avail_out);
      if (status == Z_STREAM_END) break;
      if (status == Z_BUF_ERROR) return full ? kTooLarge : kCutOff;
      if (status == Z_OK && avail_out > 0 && avail_in == 0) return kCutOff;
      if (status != Z_OK) return msg != nullptr ? msg : "corrupt data";
    }
    in.remove_prefix(in.size() - avail_in);
    return nullptr;
  }
};

struct BodyDecoder::Zstd {
  Zstd() : context(ZSTD_createDCtx()) { PERIGEE_CHECK(context != nullptr); }
  ~Zstd() { ZSTD_freeDCtx(context); }
  Zstd(const Zstd&) = delete;
  Zstd& operator=(const Zstd&) = delete;

  ZSTD_DCtx* context;
};

BodyDecoder::BodyDecoder() = default;

BodyDecoder::~BodyDecoder() = default;

BodyDecoder::Zlib& BodyDecoder::zlib(int window_bits) {
  if (zlib_ == nullptr) {
    zlib_ = std::make_unique<Zlib>(window_bits);
  } else {
    inflateReset2(zlib_.get(), window_bits);
  }
  return *zlib_;
}

// A gzip body may be several of them, one behind the other.
const char* BodyDecoder::decode_gzip(std::string_view in, std::string& out, size_t max) {
  constexpr int kGzipWrapper = 16;
  Output output(out, expected_size(in), max);
  do {
    if (const char* problem = zlib(MAX_WBITS + kGzipWrapper).run(in, output)) return problem;
  } while (!in.empty());
  output.finish();
  return nullptr;
}

// What HTTP calls deflate has a header of two bytes; some servers leave it out.
const char* BodyDecoder::decode_deflate(std::string_view in, std::string& out, size_t max) {
  const unsigned first = bytes_of(in)[0];
  const unsigned second = in.size() > 1 ? bytes_of(in)[1] : 0;
  const bool wrapped = (first & 15U) == Z_DEFLATED && (first * 256 + second) % 31 == 0;
  Output output(out, expected_size(in), max);
  if (const char* problem = zlib(wrapped ? MAX_WBITS : -MAX_WBITS).run(in, output)) return problem;
  output.finish();
  return nullptr;
}

const char* BodyDecoder::decode_zstd(std::string_view in, std::string& out, size_t max) {
  if (zstd_ == nullptr) zstd_ = std::make_unique<Zstd>();
  ZSTD_DCtx_reset(zstd_->context, ZSTD_reset_session_only);
  Output output(out, expected_size(in), max);
  ZSTD_inBuffer from{in.data(), in.size(), 0};
  while (true) {
    const bool full = !output.make_room();
    ZSTD_outBuffer to{output.at(), output.room(), 0};
    const size_t hint = ZSTD_decompressStream(zstd_->context, &to, &from);
    if (ZSTD_isError(hint) != 0) return full ? kTooLarge : ZSTD_getErrorName(hint);
    output.wrote(to.pos);
    const bool ended = from.pos == from.size && to.pos < to.size;
    if (hint == 0 && from.pos == from.size) break;
    if (ended) return kCutOff;
    if (full) return kTooLarge;
  }
  output.finish();
  return nullptr;
}

const char* BodyDecoder::decode_one(ContentCoding coding, std::string_view in, std::string& out,
                                    size_t max) {
  switch (coding) {
    case ContentCoding::kGzip:
      return decode_gzip(in, out, max);
    case ContentCoding::kDeflate:
      return decode_deflate(in, out, max);
    case ContentCoding::kBrotli:
      return decode_brotli(in, out, max);
    case ContentCoding::kZstd:
      break;
  }
  return decode_zstd(in, out, max);
}

Error BodyDecoder::decode(std::string_view content_encoding, std::string& body, size_t max_size) {
  const auto failure = [](std::string_view name, std::string_view problem) {
    return Error{ErrorCode::kDecompression,
                 fmt::format("error decompressing response body ({}: {})", name, problem)};
  };
  std::string decoded;
  std::string next;
  bool changed = false;
  size_t codings = 0;
  while (!content_encoding.empty() && !body.empty()) {
    const size_t comma = content_encoding.rfind(',');
    const size_t start = comma == std::string_view::npos ? 0 : comma + 1;
    const std::string_view name = trim(content_encoding.substr(start));
    content_encoding = content_encoding.substr(0, start == 0 ? 0 : comma);
    if (name.empty() || same_ignoring_case(name, "identity")) continue;
    const auto coding = find_content_coding(name);
    if (!coding) break;
    if (++codings > limits::kContentCodings) return failure(name, "too many codings");
    if (const char* problem = decode_one(*coding, changed ? decoded : body, next, max_size)) {
      return failure(name_of(*coding), problem);
    }
    std::swap(decoded, next);
    changed = true;
  }
  if (changed) body = std::move(decoded);
  return {};
}

}  // namespace perigee::http
