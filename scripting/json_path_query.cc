// The conditions of JSON paths: comparisons and patterns.
#include <charconv>
#include <compare>

#include "scripting/json_path_step.h"

namespace perigee {
namespace {

// The bytes of the UTF-8 character that begins at `at`.
size_t character_size(std::string_view text, size_t at) {
  size_t size = 1;
  while (at + size < text.size() && (static_cast<unsigned char>(text[at + size]) & 0xC0U) == 0x80U)
    ++size;
  return size;
}

std::optional<double> number_of(const std::string& text) {
  double number = 0;
  const char* const end = text.data() + text.size();
  const auto [last, error] = std::from_chars(text.data(), end, number);
  if (error != std::errc() || last != end) return std::nullopt;
  return number;
}

// How the element compares with the value; unordered if they are of different kinds. false < true.
std::partial_ordering compare(const JsonPath::Document& element, const std::string& value) {
  if (element.is_string()) {
    return element.get_ref<const std::string&>().compare(value) <=> 0;
  }
  if (element.is_number()) {
    const auto number = number_of(value);
    return number ? element.get<double>() <=> *number : std::partial_ordering::unordered;
  }
  if (element.is_boolean() && (value == "true" || value == "false")) {
    return static_cast<int>(element.get<bool>()) <=> static_cast<int>(value == "true");
  }
  return std::partial_ordering::unordered;
}

}  // namespace

// Where the pattern has a star it is tried with ever more characters; only the last star needs to
// be tried again, so the work is bounded by the product of the lengths.
bool matches_pattern(std::string_view text, std::string_view pattern) {
  size_t t = 0;
  size_t p = 0;
  size_t star = std::string_view::npos;  // the position after the last star
  size_t tried = 0;                      // where the text after what that star took begins
  while (t < text.size()) {
    const char wanted = p < pattern.size() ? pattern[p] : '\0';
    if (p < pattern.size() && wanted == '*') {
      star = ++p;
      tried = t;
    } else if (p < pattern.size() && wanted == '?') {
      ++p;
      t += character_size(text, t);
    } else if (const size_t at = p + (wanted == '\\' && p + 1 < pattern.size() ? 1 : 0);
               at < pattern.size() && pattern[at] == text[t]) {
      p = at + 1;
      ++t;
    } else if (star != std::string_view::npos) {
      p = star;
      t = ++tried;
    } else {
      return false;
    }
  }
  while (p < pattern.size() && pattern[p] == '*')
    ++p;
  return p == pattern.size();
}

bool JsonPath::Step::matches(std::string_view name) const {
  return wild ? matches_pattern(name, key) : name == key;
}

bool JsonPath::Query::holds_for(const Document& element) const {
  const std::optional<Document> inner = path ? path->find(element) : std::nullopt;
  if (path && !inner) return false;
  const Document& found = path ? *inner : element;
  if (op == Operator::kExists) return true;
  if (found.is_null() || found.is_structured()) return false;
  const std::partial_ordering order = compare(found, value);
  switch (op) {
    case Operator::kEqual:
      return order == 0;
    case Operator::kNotEqual:
      return order != 0;
    case Operator::kLess:
      return order < 0;
    case Operator::kLessEqual:
      return order <= 0;
    case Operator::kMore:
      return order > 0;
    case Operator::kMoreEqual:
      return order >= 0;
    default:
      return found.is_string() &&
             matches_pattern(found.get_ref<const std::string&>(), value) == (op == Operator::kLike);
  }
}

}  // namespace perigee
