#include "target/reply/json_body.h"

#include <algorithm>
#include <charconv>
#include <optional>
#include <string>

#include <fmt/format.h>

#include "target/bad_request.h"

namespace perigee {
namespace {

using nlohmann::json;

constexpr size_t kEscape = 6;  // bytes of \uXXXX

// `at` counts from 1, as editors do. What is shown is written as JSON, or a NUL byte would end it.
[[noreturn]] void refuse(std::string_view body, size_t at) {
  constexpr size_t kShown = 24;
  const std::string_view rest = body.substr(std::min(std::max<size_t>(at, 1) - 1, body.size()));
  const std::string place = fmt::format("the body is not JSON: it goes wrong at byte {}", at);
  if (rest.empty()) throw BadRequest(place + ", where it ends");
  throw BadRequest(
      fmt::format("{}: {}{}", place,
                  json(rest.substr(0, kShown)).dump(-1, ' ', false, json::error_handler_t::replace),
                  rest.size() > kShown ? "..." : ""));
}

bool is_deep(std::string_view body) {
  size_t depth = 0;
  bool text = false;
  for (size_t i = 0; i < body.size(); ++i) {
    const char c = body[i];
    if (c == '"') text = !text;
    if (text && c == '\\') ++i;
    if (text) continue;
    if ((c == '[' || c == '{') && ++depth > kMaxJsonDepth) return true;
    if ((c == ']' || c == '}') && depth > 0) --depth;
  }
  return false;
}

// A document is destroyed, copied and written by recursion, which must not run out of stack. Nearly
// every body has too few brackets to be looked at twice.
void check_depth(std::string_view body) {
  const auto brackets =
      std::count(body.begin(), body.end(), '[') + std::count(body.begin(), body.end(), '{');
  if (static_cast<size_t>(brackets) <= kMaxJsonDepth || !is_deep(body)) return;
  throw BadRequest(fmt::format("the body is nested more than {} deep", kMaxJsonDepth));
}

// The code unit of the escape at `at`, or nothing if none is there.
std::optional<unsigned> escaped_unit(std::string_view body, size_t at) {
  const std::string_view escape = body.substr(std::min(at, body.size()), kEscape);
  if (escape.size() < kEscape || !escape.starts_with("\\u")) return std::nullopt;
  unsigned unit = 0;
  const char* const end = escape.data() + escape.size();
  const auto result = std::from_chars(escape.data() + 2, end, unit, 16);
  return result.ec == std::errc{} && result.ptr == end ? std::optional(unit) : std::nullopt;
}

bool is_high(std::optional<unsigned> unit) {
  return unit && *unit >= 0xD800 && *unit <= 0xDBFF;
}

bool is_low(std::optional<unsigned> unit) {
  return unit && *unit >= 0xDC00 && *unit <= 0xDFFF;
}

// The same text, as long as before, with U+FFFD for each surrogate that has no other half; nothing
// if there is none.
std::optional<std::string> without_half_pairs(std::string_view body) {
  std::optional<std::string> repaired;
  for (size_t i = body.find('\\'); i < body.size(); i = body.find('\\', i)) {
    const auto unit = escaped_unit(body, i);
    if (is_high(unit) && is_low(escaped_unit(body, i + kEscape))) {
      i += 2 * kEscape;
    } else if (is_high(unit) || is_low(unit)) {
      if (!repaired) repaired = body;
      repaired->replace(i, kEscape, "\\ufffd");
      i += kEscape;
    } else {
      i += 2;
    }
  }
  return repaired;
}

// Reads `body`; messages show the same bytes of `shown`.
json parse(std::string_view body, std::string_view shown) {
  try {
    json document = json::parse(body);
    // To the parser a NUL byte is the end, whatever follows it.
    const size_t nul = body.find('\0');
    if (nul == std::string_view::npos) return document;
    refuse(shown, nul + 1);
  } catch (const json::out_of_range&) {
    throw BadRequest("the body holds a number that is too large");
  }
}

}  // namespace

json parse_json_body(std::string_view body) {
  check_depth(body);
  try {
    return parse(body, body);
  } catch (const json::parse_error& error) {
    const auto repaired = without_half_pairs(body);
    if (!repaired) refuse(body, error.byte);
    try {
      return parse(*repaired, body);
    } catch (const json::parse_error& other) {
      refuse(body, other.byte);
    }
  }
}

}  // namespace perigee
