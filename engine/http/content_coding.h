// The codings that bodies are compressed with: gzip, deflate, br and zstd.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace perigee::http {

enum class ContentCoding : uint8_t { kGzip, kDeflate, kBrotli, kZstd };
inline constexpr size_t kContentCodingKinds = 4;

// The coding of this name, in any case of its letters; nothing if it is none of ours.
std::optional<ContentCoding> find_content_coding(std::string_view name);
// As it stands in a Content-Encoding header.
std::string_view name_of(ContentCoding coding);

// Reads "gzip, br": the order in which they are applied. Throws std::runtime_error that names the
// first unknown one and the closest known.
std::vector<ContentCoding> parse_content_codings(std::string_view text);
// "gzip, br": the value of a Content-Encoding header.
std::string content_encoding(std::span<const ContentCoding> codings);

// What is to be taken off a body with this Content-Encoding header, the last coding first, up to
// one that is none of ours, which covers the rest. There may be more than
// `limits::kContentCodings`.
std::vector<ContentCoding> codings_to_undo(std::string_view content_encoding);

// Compresses `body` with each of the codings, one after the other.
std::string encode_body(std::span<const ContentCoding> codings, std::string_view body);

}  // namespace perigee::http
