#include "cli/k6/literal.h"

#include <algorithm>
#include <cctype>
#include <optional>

#include <fmt/format.h>

#include "cli/k6/javascript.h"
#include "cli/lua_text.h"
#include "engine/base/config_error.h"

namespace perigee::k6 {
namespace {

bool is_word(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || c == '$' || c == '.';
}

// JavaScript on one line, for a comment.
std::string one_line(std::string_view text) {
  std::string line;
  for (const char c : text) {
    const bool blank = std::isspace(static_cast<unsigned char>(c)) != 0;
    if (!blank) {
      line += c;
    } else if (!line.empty() && line.back() != ' ') {
      line += ' ';
    }
  }
  while (line.ends_with(' '))
    line.pop_back();
  return line;
}

// Writes the value at a position and goes on behind it.
class Translator {
 public:
  explicit Translator(std::string_view text) : text_(text) {}

  std::string object(size_t depth) { return entries('}', depth); }

 private:
  // What a value is in Lua; nothing if it is no literal. Stands behind it then.
  std::optional<std::string> value(size_t depth) {
    const size_t from = at_;
    const char c = peek();
    std::optional<std::string> lua;
    if (c == '{') {
      lua = entries('}', depth);
    } else if (c == '[') {
      lua = entries(']', depth);
    } else if (c == '"' || c == '\'' || c == '`') {
      lua = string();
    } else {
      lua = word();
    }
    at_ = skip_blank(text_, at_);
    const bool ends = at_ == end_of_expression(text_, from);
    return ends ? lua : std::nullopt;
  }

  std::optional<std::string> string() {
    const size_t end = skip_quoted(text_, at_);
    const std::string_view inner = text_.substr(at_ + 1, end - at_ - 2);
    at_ = end;
    std::string bytes;
    for (size_t i = 0; i < inner.size(); ++i) {
      if (inner.substr(i).starts_with("${")) return std::nullopt;
      if (inner[i] != '\\') {
        bytes += inner[i];
        continue;
      }
      const auto escaped = escape(inner.substr(++i, 1));
      if (!escaped) return std::nullopt;
      bytes += *escaped;
    }
    return lua_string(bytes);
  }

  static std::optional<char> escape(std::string_view c) {
    if (c == "n") return '\n';
    if (c == "t") return '\t';
    if (c == "r") return '\r';
    if (c == "\\" || c == "'" || c == "\"" || c == "`" || c == "/") return c[0];
    return std::nullopt;
  }

  // A number, true or false; null takes a key away in Lua.
  std::optional<std::string> word() {
    const size_t from = at_;
    if (peek() == '-') ++at_;
    while (at_ < text_.size() && is_word(text_[at_]))
      ++at_;
    std::string found(text_.substr(from, at_ - from));
    if (found == "true" || found == "false") return found;
    std::erase(found, '_');
    const bool is_number = !found.empty() &&
                           found.find_first_not_of("-0123456789.e") == std::string::npos &&
                           found.find_first_of("0123456789") != std::string::npos;
    return is_number ? std::optional(found) : std::nullopt;
  }

  // The key at the position, as it stands in a table; nothing if it has to be computed.
  std::optional<std::string> key() {
    std::string name;
    if (peek() == '"' || peek() == '\'') {
      const size_t end = skip_quoted(text_, at_);
      name = text_.substr(at_ + 1, end - at_ - 2);
      at_ = end;
    } else {
      const size_t from = at_;
      while (at_ < text_.size() && is_word(text_[at_]) && text_[at_] != '.')
        ++at_;
      name = text_.substr(from, at_ - from);
    }
    at_ = skip_blank(text_, at_);
    if (name.empty() || peek() != ':') return std::nullopt;
    at_ = skip_blank(text_, at_ + 1);
    return lua_key(name);
  }

  // An object or an array, the position at its bracket; goes on behind it.
  std::string entries(char close, size_t depth) {
    const std::string indent(2 * depth + 2, ' ');
    std::string lines;
    at_ = skip_blank(text_, at_ + 1);
    while (at_ < text_.size() && peek() != close) {
      lines += indent + entry(close == '}', depth) + '\n';
      at_ = skip_blank(text_, at_);
      if (peek() == ',' || peek() == ';') at_ = skip_blank(text_, at_ + 1);
    }
    ++at_;
    if (lines.empty()) return "{}";
    return "{\n" + lines + std::string(2 * depth, ' ') + "}";
  }

  std::string entry(bool has_key, size_t depth) {
    const size_t from = at_;
    const auto name = has_key ? key() : std::string();
    const auto lua = name ? value(depth + 1) : std::nullopt;
    if (lua) return (name->empty() ? *lua : *name + " = " + *lua) + ",";
    // Something has to be passed over, or nothing would end here.
    at_ = std::max(end_of_expression(text_, from), from + 1);
    return fmt::format("-- to be computed, in JavaScript: {}",
                       one_line(text_.substr(from, at_ - from)));
  }

  char peek() const { return at_ < text_.size() ? text_[at_] : '\0'; }

  const std::string_view text_;
  size_t at_ = 0;
};

}  // namespace

std::string lua_of_object(std::string_view text) {
  if (!text.starts_with('{')) throw ConfigError("the options are no object that stands there");
  return Translator(text).object(0);
}

}  // namespace perigee::k6
