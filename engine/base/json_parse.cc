#include "engine/base/json_parse.h"

#include <algorithm>
#include <cctype>
#include <charconv>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "engine/base/utf8.h"

namespace perigee {
namespace {

constexpr size_t kEscape = 6;  // bytes of \u and its digits

// The code unit of an escape that begins at `at`; nothing if there is none.
std::optional<unsigned> escaped_unit(std::string_view text, size_t at) {
  const std::string_view escape = text.substr(std::min(at, text.size()), kEscape);
  if (escape.size() < kEscape || !escape.starts_with("\\u")) return std::nullopt;
  unsigned unit = 0;
  const char* const end = escape.data() + escape.size();
  const auto [last, error] = std::from_chars(escape.data() + 2, end, unit, 16);
  if (error != std::errc() || last != end) return std::nullopt;
  return unit;
}

bool is_high(std::optional<unsigned> unit) {
  return unit && *unit >= 0xd800 && *unit < 0xdc00;
}

bool is_low(std::optional<unsigned> unit) {
  return unit && *unit >= 0xdc00 && *unit < 0xe000;
}

// The text with the escape of U+FFFD, which is as long, for each half of a surrogate pair that
// stands alone; nothing if there is none.
std::optional<std::string> repair_surrogates(std::string_view text) {
  std::optional<std::string> repaired;
  for (size_t at = text.find('\\'); at < text.size(); at = text.find('\\', at)) {
    const auto unit = escaped_unit(text, at);
    if (is_high(unit) && is_low(escaped_unit(text, at + kEscape))) {
      at += 2 * kEscape;
    } else if (is_high(unit) || is_low(unit)) {
      if (!repaired) repaired.emplace(text);
      repaired->replace(at, kEscape, "\\ufffd");
      at += kEscape;
    } else {
      at += 2;
    }
  }
  return repaired;
}

// The parser's words without its own names, its place and the token, which may be long.
std::string_view reason_of(std::string_view message) {
  if (const size_t dash = message.find(" - "); dash != std::string_view::npos) {
    message.remove_prefix(dash + 3);
  } else if (const size_t name = message.find("] "); name != std::string_view::npos) {
    message.remove_prefix(name + 2);
  }
  return message.substr(0, message.find("; last read: "));
}

// Appends a piece of text so that it stays on its line and can be read.
void append_shown(std::string& shown, std::string_view text) {
  while (!text.empty()) {
    const Utf8Part part = first_utf8_part(text);
    const auto first = static_cast<unsigned char>(text.front());
    if (part.valid && first >= ' ' && first != 0x7f) {
      shown += text.substr(0, part.size);
    } else if (first == '\n' || first == '\r' || first == '\t') {
      shown += first == '\n' ? "\\n" : first == '\r' ? "\\r" : "\\t";
    } else {
      for (const char c : text.substr(0, part.size))
        shown += fmt::format("\\x{:02x}", static_cast<unsigned char>(c));
    }
    text.remove_prefix(part.size);
  }
}

// What is around the byte at `at`.
std::string excerpt(std::string_view text, size_t at) {
  constexpr size_t kBefore = 40;
  constexpr size_t kAfter = 40;
  const auto inside_character = [&](size_t i) {
    return i < text.size() && (static_cast<unsigned char>(text[i]) & 0xc0U) == 0x80U;
  };
  size_t begin = at - std::min(at, kBefore);
  size_t end = std::min(text.size(), at + kAfter);
  for (int i = 0; i < 3 && begin > 0 && inside_character(begin); ++i)
    --begin;
  for (int i = 0; i < 3 && inside_character(end); ++i)
    ++end;
  std::string shown = begin > 0 ? "..." : "";
  append_shown(shown, text.substr(begin, end - begin));
  return end < text.size() ? shown + "..." : shown;
}

// `at` counts from 0.
JsonError make_error(std::string_view text, size_t at, std::string_view reason) {
  const std::string_view before = text.substr(0, at);
  const auto line = std::count(before.begin(), before.end(), '\n') + 1;
  const size_t column = at - (before.rfind('\n') + 1) + 1;
  std::string message =
      fmt::format("parse error at line {}, column {} (byte {}): {}", line, column, at + 1, reason);
  if (!text.empty()) message += "; near: " + excerpt(text, at);
  return JsonError(message);
}

// A parse that builds nothing.
struct Check : nlohmann::json::json_sax_t {
  explicit Check(const JsonSource& text) : source(text) {}
  bool null() override { return true; }
  bool boolean(bool /*value*/) override { return true; }
  bool number_integer(int64_t /*value*/) override { return true; }
  bool number_unsigned(uint64_t /*value*/) override { return true; }
  bool number_float(double /*value*/, const std::string& /*text*/) override { return true; }
  bool string(std::string& /*value*/) override { return true; }
  bool binary(nlohmann::json::binary_t& /*value*/) override { return true; }
  bool start_object(size_t /*size*/) override { return true; }
  bool key(std::string& /*value*/) override { return true; }
  bool end_object() override { return true; }
  bool start_array(size_t /*size*/) override { return true; }
  bool end_array() override { return true; }
  bool parse_error(size_t position, const std::string& /*token*/,
                   const nlohmann::json::exception& error) override {
    throw source.error(position, error.what());
  }

  const JsonSource& source;
};

// An error of a number that is too large does not say where that is.
template <typename Json>
Json parse(std::string_view text) {
  const JsonSource source(text);
  try {
    Json value = Json::parse(source.text());
    source.check_end();
    return value;
  } catch (const typename Json::parse_error& error) {
    throw source.error(error.byte, error.what());
  } catch (const typename Json::out_of_range&) {
    check_json(text);  // knows the place
    throw;
  }
}

}  // namespace

JsonSource::JsonSource(std::string_view text)
    : whole_(text),
      size_(std::min(text.find('\0'), text.size())),
      repaired_(repair_surrogates(text)) {}

std::string_view JsonSource::text() const {
  return (repaired_ ? std::string_view(*repaired_) : whole_).substr(0, size_);
}

JsonError JsonSource::error(size_t byte, std::string_view parser_message) const {
  if (is_utf16(whole_)) return JsonError("the text is UTF-16, and JSON is UTF-8");
  if (whole_.empty()) return make_error(whole_, 0, "the text is empty");
  const size_t at = std::min(byte > 0 ? byte - 1 : 0, size_);
  if (at == size_ && size_ < whole_.size()) return make_error(whole_, at, "a NUL byte");
  return make_error(whole_, at, reason_of(parser_message));
}

void JsonSource::check_end() const {
  if (size_ < whole_.size()) throw error(size_ + 1, {});
}

nlohmann::json parse_json(std::string_view text) {
  return parse<nlohmann::json>(text);
}

nlohmann::ordered_json parse_ordered_json(std::string_view text) {
  return parse<nlohmann::ordered_json>(text);
}

void check_json(std::string_view text) {
  const JsonSource source(text);
  Check check(source);
  const std::string_view parsed = source.text();
  nlohmann::json::sax_parse(parsed.begin(), parsed.end(), &check);
  source.check_end();
}

}  // namespace perigee
