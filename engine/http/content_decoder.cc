#include "engine/http/content_decoder.h"

#include <brotli/decode.h>
#include <fmt/format.h>
#include <zlib.h>
#include <zstd.h>

#include "engine/base/check.h"

namespace perigee::http {
namespace {

constexpr const char* kCorrupt = "corrupt data";

uint8_t* bytes_of(std::string_view text) {
  return const_cast<uint8_t*>(reinterpret_cast<const uint8_t*>(text.data()));
}

// What zlib calls its window; the 16 asks for gzip's wrapper.
constexpr int kGzipWindow = MAX_WBITS + 16;

class ZlibDecoder : public ContentDecoder {
 public:
  explicit ZlibDecoder(int window_bits) {
    PERIGEE_CHECK(inflateInit2(&stream_, window_bits) == Z_OK);
  }
  ~ZlibDecoder() override { inflateEnd(&stream_); }
  ZlibDecoder(const ZlibDecoder&) = delete;
  ZlibDecoder& operator=(const ZlibDecoder&) = delete;

  bool ended() const override { return ended_; }
  void reset() override { begin(); }

 protected:
  // Up to the end of the stream at hand.
  const char* run(std::string_view& in, std::span<uint8_t>& out) {
    stream_.next_in = bytes_of(in);
    stream_.avail_in = static_cast<uInt>(in.size());
    stream_.next_out = out.data();
    stream_.avail_out = static_cast<uInt>(out.size());
    const int status = inflate(&stream_, Z_NO_FLUSH);
    in.remove_prefix(in.size() - stream_.avail_in);
    out = out.last(stream_.avail_out);
    ended_ = status == Z_STREAM_END;
    // Z_BUF_ERROR: it needs more bytes, or more room.
    if (ended_ || status == Z_OK || status == Z_BUF_ERROR) return nullptr;
    return stream_.msg != nullptr ? stream_.msg : kCorrupt;
  }
  void begin() {
    inflateReset(&stream_);
    ended_ = false;
  }
  void begin(int window_bits) {
    inflateReset2(&stream_, window_bits);
    ended_ = false;
  }

 private:
  z_stream stream_{};
  bool ended_ = false;
};

// A gzip body may be several of them, one behind the other.
class GzipDecoder final : public ZlibDecoder {
 public:
  GzipDecoder() : ZlibDecoder(kGzipWindow) {}

  const char* decode(std::string_view& in, std::span<uint8_t>& out) override {
    const char* problem = nullptr;
    do {
      if (ended() && !in.empty()) begin();
      problem = run(in, out);
    } while (problem == nullptr && ended() && !in.empty());
    return problem;
  }
};

// What HTTP calls deflate has zlib's header; some servers leave it out. The header's first byte
// would begin a stored block with its padding set, which nothing writes.
class DeflateDecoder final : public ZlibDecoder {
 public:
  DeflateDecoder() : ZlibDecoder(MAX_WBITS) {}

  const char* decode(std::string_view& in, std::span<uint8_t>& out) override {
    if (!begun_ && !in.empty()) {
      const bool wrapped = (bytes_of(in)[0] & 15U) == Z_DEFLATED;
      begin(wrapped ? MAX_WBITS : -MAX_WBITS);
      begun_ = true;
    }
    const char* problem = ended() ? nullptr : run(in, out);
    if (ended()) in = {};
    return problem;
  }
  void reset() override {
    ZlibDecoder::reset();
    begun_ = false;
  }

 private:
  bool begun_ = false;
};

class BrotliDecoder final : public ContentDecoder {
 public:
  BrotliDecoder() { reset(); }

  const char* decode(std::string_view& in, std::span<uint8_t>& out) override {
    size_t left = in.size();
    const uint8_t* next = bytes_of(in);
    size_t room = out.size();
    uint8_t* at = out.data();
    const auto status =
        ended_ ? BROTLI_DECODER_RESULT_SUCCESS
               : BrotliDecoderDecompressStream(state_.get(), &left, &next, &room, &at, nullptr);
    ended_ = status == BROTLI_DECODER_RESULT_SUCCESS;
    in.remove_prefix(ended_ ? in.size() : in.size() - left);
    out = out.last(room);
    return status == BROTLI_DECODER_RESULT_ERROR ? kCorrupt : nullptr;
  }
  bool ended() const override { return ended_; }
  void reset() override {
    state_.reset(BrotliDecoderCreateInstance(nullptr, nullptr, nullptr));
    PERIGEE_CHECK(state_ != nullptr);
    ended_ = false;
  }

 private:
  struct Destroy {
    void operator()(BrotliDecoderState* state) const { BrotliDecoderDestroyInstance(state); }
  };

  std::unique_ptr<BrotliDecoderState, Destroy> state_;
  bool ended_ = false;
};

// A body may be several frames, too.
class ZstdDecoder final : public ContentDecoder {
 public:
  ZstdDecoder() : context_(ZSTD_createDCtx()) { PERIGEE_CHECK(context_ != nullptr); }

  const char* decode(std::string_view& in, std::span<uint8_t>& out) override {
    // It would wait for the next frame.
    if (ended_ && in.empty()) return nullptr;
    ZSTD_inBuffer from{in.data(), in.size(), 0};
    ZSTD_outBuffer to{out.data(), out.size(), 0};
    const size_t hint = ZSTD_decompressStream(context_.get(), &to, &from);
    if (ZSTD_isError(hint) != 0) return ZSTD_getErrorName(hint);
    in.remove_prefix(from.pos);
    out = out.subspan(to.pos);
    ended_ = hint == 0;
    return nullptr;
  }
  bool ended() const override { return ended_; }
  void reset() override {
    ZSTD_DCtx_reset(context_.get(), ZSTD_reset_session_only);
    ended_ = false;
  }

 private:
  struct Free {
    void operator()(ZSTD_DCtx* context) const { ZSTD_freeDCtx(context); }
  };

  std::unique_ptr<ZSTD_DCtx, Free> context_;
  bool ended_ = false;
};

}  // namespace

Error decompression_error(ContentCoding coding, const char* problem) {
  return {ErrorCode::kDecompression,
          fmt::format("error decompressing response body ({}: {})", name_of(coding), problem)};
}

std::unique_ptr<ContentDecoder> ContentDecoder::make(ContentCoding coding) {
  switch (coding) {
    case ContentCoding::kGzip:
      return std::make_unique<GzipDecoder>();
    case ContentCoding::kDeflate:
      return std::make_unique<DeflateDecoder>();
    case ContentCoding::kBrotli:
      return std::make_unique<BrotliDecoder>();
    case ContentCoding::kZstd:
      break;
  }
  return std::make_unique<ZstdDecoder>();
}

}  // namespace perigee::http
