// The JSON in the body of a request.
#pragma once

#include <string_view>

#include <nlohmann/json.hpp>

namespace perigee {

// Lists and objects may lie in each other up to this depth.
inline constexpr size_t kMaxJsonDepth = 512;

// Reads all of the body as one document: whatever stands behind it, a NUL byte too, is an error.
// Half a surrogate pair, which JSON's grammar allows, becomes U+FFFD. Throws BadRequest that says
// where the body goes wrong, and shows it.
nlohmann::json parse_json_body(std::string_view body);

}  // namespace perigee
