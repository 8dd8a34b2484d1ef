#include "scripting/yaml_scalar.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <limits>
#include <optional>
#include <string_view>

namespace perigee {
namespace {

using Json = nlohmann::ordered_json;

template <size_t N>
bool is_one_of(std::string_view text, const std::array<std::string_view, N>& words) {
  return std::find(words.begin(), words.end(), text) != words.end();
}

constexpr std::array<std::string_view, 5> kNull{"", "~", "null", "Null", "NULL"};
constexpr std::array<std::string_view, 3> kTrue{"true", "True", "TRUE"};
constexpr std::array<std::string_view, 3> kFalse{"false", "False", "FALSE"};
constexpr std::array<std::string_view, 3> kInfinity{".inf", ".Inf", ".INF"};
constexpr std::array<std::string_view, 3> kNotANumber{".nan", ".NaN", ".NAN"};

bool is_digits(std::string_view text) {
  return !text.empty() &&
         std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

std::string_view without_sign(std::string_view text) {
  if (text.starts_with('-') || text.starts_with('+')) text.remove_prefix(1);
  return text;
}

std::optional<Json> whole(std::string_view text, int base) {
  uint64_t number = 0;
  const char* const end = text.data() + text.size();
  const auto [last, error] = std::from_chars(text.data(), end, number, base);
  if (text.empty() || last != end) return std::nullopt;
  if (error == std::errc()) return number;
  return std::nullopt;
}

// [-+]? ( . digits | digits ( . digits? )? ) ( [eE] [-+]? digits )?
bool is_decimal(std::string_view text) {
  text = without_sign(text);
  const size_t exponent = text.find_first_of("eE");
  if (exponent != std::string_view::npos && !is_digits(without_sign(text.substr(exponent + 1)))) {
    return false;
  }
  text = text.substr(0, exponent);
  const size_t point = text.find('.');
  if (point == std::string_view::npos) return is_digits(text);
  const std::string_view before = text.substr(0, point);
  const std::string_view after = text.substr(point + 1);
  if (before.empty()) return is_digits(after);
  return is_digits(before) && (after.empty() || is_digits(after));
}

Json decimal(std::string_view text) {
  if (text.starts_with('+')) text.remove_prefix(1);  // which from_chars does not know
  if (is_digits(without_sign(text))) {
    int64_t number = 0;
    const auto [last, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error == std::errc()) return number;
  }
  double number = 0;
  const auto [last, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error == std::errc()) return number;
  // Too large, or too close to 0.
  const bool tiny =
      text.find("e-") != std::string_view::npos || text.find("E-") != std::string_view::npos;
  const double size = tiny ? 0 : std::numeric_limits<double>::infinity();
  return text.starts_with('-') ? -size : size;
}

}  // namespace

Json resolve_scalar(const std::string& text) {
  if (is_one_of(text, kNull)) return nullptr;
  if (is_one_of(text, kTrue)) return true;
  if (is_one_of(text, kFalse)) return false;
  if (is_decimal(text)) return decimal(text);
  const std::string_view view = text;
  if (view.starts_with("0x")) {
    if (const auto number = whole(view.substr(2), 16)) return *number;
  }
  if (view.starts_with("0o")) {
    if (const auto number = whole(view.substr(2), 8)) return *number;
  }
  if (is_one_of(without_sign(view), kInfinity)) {
    const double infinity = std::numeric_limits<double>::infinity();
    return view.starts_with('-') ? -infinity : infinity;
  }
  if (is_one_of(view, kNotANumber)) return std::numeric_limits<double>::quiet_NaN();
  return text;
}

bool is_ambiguous(const std::string& text) {
  // YAML 1.1 has these beside numbers with "_" and ":", which begin as numbers do, and dates.
  constexpr std::array<std::string_view, 9> kOldWords{"y",   "n", "yes", "no", "on",
                                                      "off", "=", "<<",  "---"};
  std::string lower = text;
  std::transform(lower.begin(), lower.end(), lower.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c;
  });
  if (!resolve_scalar(text).is_string() || is_one_of(lower, kOldWords)) return true;
  const std::string_view unsigned_text = without_sign(text);
  return !unsigned_text.empty() &&
         (is_digits(unsigned_text.substr(0, 1)) || unsigned_text.starts_with('.'));
}

}  // namespace perigee
