// Form bodies with files: multipart/form-data.
#pragma once

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

}  // namespace perigee::http
