// Form bodies: application/x-www-form-urlencoded.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <utility>

namespace perigee::http {

using FormField = std::pair<std::string_view, std::string_view>;

// "a=1&b=x+y": the fields in their order.
std::string encode_form(std::span<const FormField> fields);

// Adds `text` as it stands in a form or a query: a space becomes "+", everything but letters,
// digits and "-_.~" is percent-encoded.
void append_form_encoded(std::string& out, std::string_view text);

}  // namespace perigee::http
