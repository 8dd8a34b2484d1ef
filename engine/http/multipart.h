// Form bodies with files: multipart/form-data.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace perigee::http {

// A field of the form, or a file in it.
struct FormPart {
  std::string_view name;
  std::string_view content;
  std::string_view file_name{};     // of a file
  std::string_view content_type{};  // empty: a plain field
};

// The parts in their order. `boundary` must not occur in them: take a long random one of letters
// and digits.
std::string encode_multipart(std::span<const FormPart> parts, std::string_view boundary);
// The Content-Type of such a body.
std::string multipart_type(std::string_view boundary);

// "text/plain" of "Text/plain; charset=x": in lower case, without parameters.
std::string media_type(std::string_view content_type);
bool is_multipart(std::string_view content_type);
// The boundary that a Content-Type names, without quotes; nothing if it names none.
std::optional<std::string> boundary_of(std::string_view content_type);
// Whether it may be one: 1 to 70 of the characters that RFC 2046 allows, and no blank at the end.
bool is_boundary(std::string_view text);
// The Content-Type with a boundary, which it did not have.
std::string with_boundary(std::string_view content_type, std::string_view boundary);

}  // namespace perigee::http
