// The codings that bodies are compressed with: gzip, deflate, br and zstd.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace perigee::http {

enum class ContentCoding : uint8_t { kGzip, kDeflate, kBrotli, kZstd };

// The coding of this name, in any case of its letters; nothing if it is none of ours.
std::optional<ContentCoding> find_content_coding(std::string_view name);
// As it stands in a Content-Encoding header.
std::string_view name_of(ContentCoding coding);

// Reads "gzip, br": the order in which they are applied. Throws std::runtime_error that names the
// first unknown one and the closest known.
std::vector<ContentCoding> parse_content_codings(std::string_view text);
// "gzip, br": the value of a Content-Encoding header.
std::string content_encoding(std::span<const ContentCoding> codings);

// Compresses `body` with each of the codings, one after the other.
std::string encode_body(std::span<const ContentCoding> codings, std::string_view body);

}  // namespace perigee::http
