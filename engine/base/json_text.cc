#include "engine/base/json_text.h"

#include <array>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <iterator>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "engine/base/utf8.h"

namespace perigee {
namespace {

// From here on JavaScript, and so k6, writes whole numbers with an exponent.
constexpr double kExponentFrom = 1e21;
constexpr double kInteger = 9.2e18;  // what fits into an int64_t

bool is_plain(char c) {
  const auto byte = static_cast<uint8_t>(c);
  return byte >= 0x20 && byte < 0x80 && c != '"' && c != '\\';
}

void append_escaped(std::string& out, char c) {
  constexpr std::string_view kEscaped = "\"\\\b\f\n\r\t";
  constexpr std::string_view kLetters = "\"\\bfnrt";
  const size_t at = kEscaped.find(c);
  if (at != std::string_view::npos) {
    (out += '\\') += kLetters[at];
  } else {
    fmt::format_to(std::back_inserter(out), "\\u{:04x}", static_cast<unsigned>(c));
  }
}

// Walks through a value, whichever order its objects have.
template <typename Json>
class Writer {
 public:
  Writer(std::string& out, int indent, JsonRepairs* repairs)
      : out_(out), indent_(indent), repairs_(repairs) {}

  void value(const Json& json, int depth) {
    if (json.is_object()) return object(json, depth);
    if (json.is_array()) return array(json, depth);
    if (json.is_string()) {
      return append_json_string(out_, json.template get_ref<const std::string&>(), repairs_);
    }
    if (json.is_number_float()) return append_json_number(out_, json.template get<double>());
    out_ += json.dump();  // a whole number, a boolean, null
  }

 private:
  void object(const Json& json, int depth) {
    if (json.empty()) return void(out_ += "{}");
    char separator = '{';
    for (const auto& [key, member] : json.items()) {
      begin_item(separator, depth + 1);
      append_json_string(out_, key, repairs_);
      out_ += indent_ < 0 ? ":" : ": ";
      value(member, depth + 1);
    }
    new_line(depth);
    out_ += '}';
  }

  void array(const Json& json, int depth) {
    if (json.empty()) return void(out_ += "[]");
    char separator = '[';
    for (const Json& element : json) {
      begin_item(separator, depth + 1);
      value(element, depth + 1);
    }
    new_line(depth);
    out_ += ']';
  }

  void begin_item(char& separator, int depth) {
    out_ += separator;
    separator = ',';
    new_line(depth);
  }

  void new_line(int depth) {
    if (indent_ < 0) return;
    (out_ += '\n').append(static_cast<size_t>(indent_ * depth), ' ');
  }

  std::string& out_;
  const int indent_;
  JsonRepairs* const repairs_;
};

template <typename Json>
std::string text_of(const Json& value, int indent, JsonRepairs* repairs) {
  std::string text;
  Writer<Json>(text, indent, repairs).value(value, 0);
  return text;
}

}  // namespace

void append_json_string(std::string& out, std::string_view text, JsonRepairs* repairs) {
  bool repaired = false;
  out += '"';
  for (size_t at = 0; at < text.size();) {
    size_t end = at;
    while (end < text.size() && is_plain(text[end]))
      ++end;
    out.append(text, at, end - at);
    at = end;
    if (at == text.size()) break;
    if (static_cast<uint8_t>(text[at]) < 0x80) {
      append_escaped(out, text[at++]);
      continue;
    }
    const Utf8Part part = first_utf8_part(text.substr(at));
    out += part.valid ? text.substr(at, part.size) : kReplacementCharacter;
    repaired = repaired || !part.valid;
    at += part.size;
  }
  out += '"';
  if (repaired && repairs != nullptr) repairs->add(text);
}

void append_json_number(std::string& out, double number) {
  if (!std::isfinite(number)) return void(out += "null");
  const bool whole = std::trunc(number) == number && std::fabs(number) < kExponentFrom;
  if (whole && std::fabs(number) < kInteger) {
    const fmt::format_int text(static_cast<int64_t>(number));
    out.append(text.data(), text.size());
    return;
  }
  std::array<char, 32> text{};
  char* const end = text.data() + text.size();
  const auto written = whole ? std::to_chars(text.data(), end, number, std::chars_format::fixed)
                             : std::to_chars(text.data(), end, number);
  out.append(text.data(), written.ptr);
}

std::string json_text(const nlohmann::json& value, int indent, JsonRepairs* repairs) {
  return text_of(value, indent, repairs);
}

std::string json_text(const nlohmann::ordered_json& value, int indent, JsonRepairs* repairs) {
  return text_of(value, indent, repairs);
}

}  // namespace perigee
