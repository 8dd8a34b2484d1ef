#include "engine/http/content_coding.h"

#include <algorithm>
#include <array>
#include <stdexcept>

#include <brotli/encode.h>
#include <fmt/format.h>
#include <zlib.h>
#include <zstd.h>

#include "engine/base/check.h"
#include "engine/base/limits.h"
#include "engine/base/suggest.h"
#include "engine/http/header_fields.h"

namespace perigee::http {
namespace {

constexpr std::array<std::string_view, kContentCodingKinds> kNames{"gzip", "deflate", "br", "zstd"};

// As k6 compresses; brotli's own default is for files that are compressed once.
constexpr int kBrotliQuality = 6;

const uint8_t* bytes_of(std::string_view text) {
  return reinterpret_cast<const uint8_t*>(text.data());
}

uint8_t* bytes_of(std::string& text) {
  return reinterpret_cast<uint8_t*>(text.data());
}

std::string encode_zlib(std::string_view body, int window_bits) {
  constexpr int kMemoryLevel = 8;
  z_stream stream{};
  PERIGEE_CHECK(deflateInit2(&stream, Z_DEFAULT_COMPRESSION, Z_DEFLATED, window_bits, kMemoryLevel,
                             Z_DEFAULT_STRATEGY) == Z_OK);
  std::string out(deflateBound(&stream, body.size()), '\0');
  stream.next_in = const_cast<uint8_t*>(bytes_of(body));
  stream.avail_in = static_cast<uInt>(body.size());
  stream.next_out = bytes_of(out);
  stream.avail_out = static_cast<uInt>(out.size());
  PERIGEE_CHECK(deflate(&stream, Z_FINISH) == Z_STREAM_END);
  out.resize(stream.total_out);
  deflateEnd(&stream);
  return out;
}

std::string encode_brotli(std::string_view body) {
  size_t size = std::max<size_t>(BrotliEncoderMaxCompressedSize(body.size()), 16);
  std::string out(size, '\0');
  PERIGEE_CHECK(BrotliEncoderCompress(kBrotliQuality, BROTLI_DEFAULT_WINDOW, BROTLI_MODE_GENERIC,
                                      body.size(), bytes_of(body), &size,
                                      bytes_of(out)) == BROTLI_TRUE);
  out.resize(size);
  return out;
}

std::string encode_zstd(std::string_view body) {
  std::string out(ZSTD_compressBound(body.size()), '\0');
  const size_t size =
      ZSTD_compress(out.data(), out.size(), body.data(), body.size(), ZSTD_CLEVEL_DEFAULT);
  PERIGEE_CHECK(ZSTD_isError(size) == 0);
  out.resize(size);
  return out;
}

std::string encode(ContentCoding coding, std::string_view body) {
  constexpr int kGzipWrapper = 16;
  switch (coding) {
    case ContentCoding::kGzip:
      return encode_zlib(body, MAX_WBITS + kGzipWrapper);
    case ContentCoding::kDeflate:
      return encode_zlib(body, MAX_WBITS);
    case ContentCoding::kBrotli:
      return encode_brotli(body);
    case ContentCoding::kZstd:
      break;
  }
  return encode_zstd(body);
}

}  // namespace

std::optional<ContentCoding> find_content_coding(std::string_view name) {
  if (same_ignoring_case(name, "x-gzip")) return ContentCoding::kGzip;
  for (size_t i = 0; i < kNames.size(); ++i) {
    if (same_ignoring_case(name, kNames[i])) return static_cast<ContentCoding>(i);
  }
  return std::nullopt;
}

std::string_view name_of(ContentCoding coding) {
  return kNames[static_cast<size_t>(coding)];
}

std::vector<ContentCoding> parse_content_codings(std::string_view text) {
  std::vector<ContentCoding> codings;
  while (true) {
    const size_t end = text.find(',');
    const std::string_view name = trim(text.substr(0, end));
    const auto coding = find_content_coding(name);
    if (!coding) {
      throw std::runtime_error(fmt::format(
          "there is no compression \"{}\": use gzip, deflate, br or zstd, or several of them with "
          "commas between{}",
          name, did_you_mean(name, kNames)));
    }
    codings.push_back(*coding);
    if (codings.size() > limits::kContentCodings) {
      throw std::runtime_error(
          fmt::format("a body can be compressed {} times at most", limits::kContentCodings));
    }
    if (end == std::string_view::npos) return codings;
    text.remove_prefix(end + 1);
  }
}

std::string content_encoding(std::span<const ContentCoding> codings) {
  std::string value;
  for (const ContentCoding coding : codings) {
    if (!value.empty()) value += ", ";
    value += name_of(coding);
  }
  return value;
}

std::vector<ContentCoding> codings_to_undo(std::string_view content_encoding) {
  std::vector<ContentCoding> codings;
  while (!content_encoding.empty()) {
    const size_t comma = content_encoding.rfind(',');
    const bool first = comma == std::string_view::npos;
    const std::string_view name = trim(content_encoding.substr(first ? 0 : comma + 1));
    content_encoding = content_encoding.substr(0, first ? 0 : comma);
    if (name.empty() || same_ignoring_case(name, "identity")) continue;
    const auto coding = find_content_coding(name);
    if (!coding) break;
    codings.push_back(*coding);
  }
  return codings;
}

std::string encode_body(std::span<const ContentCoding> codings, std::string_view body) {
  std::string encoded(body);
  for (const ContentCoding coding : codings)
    encoded = encode(coding, encoded);
  return encoded;
}

}  // namespace perigee::http
