// A header block as it came over the wire, read field by field.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "engine/http/request.h"

namespace perigee::http {

// Walks "Name: value\r\n" lines without copying them. The views it yields point into the block.
class HeaderFields {
 public:
  explicit HeaderFields(std::string_view block) : rest_(block) {}

  // The next field, its value without the space around it; nothing at the end. A line without a
  // colon is passed over.
  std::optional<Header> next();
  // The next field of this name, in any case of its letters.
  std::optional<std::string_view> next(std::string_view name);

 private:
  std::string_view rest_;
};

// The first field of this name.
std::optional<std::string_view> find_field(std::string_view block, std::string_view name);

// The values of all fields of this name as one list, "gzip, br": several lines of a list are the
// same as one (RFC 9110, 5.3). Empty if there is none.
std::string joined_fields(std::string_view block, std::string_view name);

// Two names of headers, hosts or the like are the same but for the case of their ASCII letters.
bool same_ignoring_case(std::string_view a, std::string_view b);
char to_lower(char c);
std::string to_lower(std::string_view text);
// Without spaces and tabs at either end.
std::string_view trim(std::string_view text);

}  // namespace perigee::http
