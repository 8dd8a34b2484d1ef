#include "cli/k6/javascript.h"

#include <algorithm>

namespace perigee::k6 {
namespace {

bool opens(char c) {
  return c == '(' || c == '[' || c == '{';
}

bool closes(char c) {
  return c == ')' || c == ']' || c == '}';
}

size_t behind(std::string_view text, std::string_view what, size_t from) {
  const size_t found = text.find(what, from);
  return found == std::string_view::npos ? text.size() : found + what.size();
}

size_t skip_string(std::string_view text, size_t at) {
  const char quote = text[at];
  for (size_t i = at + 1; i < text.size(); ++i) {
    if (text[i] == '\\') {
      ++i;
    } else if (text[i] == quote) {
      return i + 1;
    }
  }
  return text.size();
}

}  // namespace

size_t skip_quoted(std::string_view text, size_t at) {
  if (text.substr(at).starts_with("//")) return std::min(text.find('\n', at), text.size());
  if (text.substr(at).starts_with("/*")) return behind(text, "*/", at + 2);
  const char c = at < text.size() ? text[at] : ' ';
  return c == '"' || c == '\'' || c == '`' ? skip_string(text, at) : at;
}

size_t skip_blank(std::string_view text, size_t at) {
  while (at < text.size()) {
    if (text[at] == '/') {
      const size_t end = skip_quoted(text, at);
      if (end == at) return at;
      at = end;
    } else if (text[at] == ' ' || text[at] == '\t' || text[at] == '\r' || text[at] == '\n') {
      ++at;
    } else {
      return at;
    }
  }
  return at;
}

size_t end_of_brackets(std::string_view text, size_t at) {
  size_t depth = 0;
  while (at < text.size()) {
    const size_t end = skip_quoted(text, at);
    if (end != at) {
      at = end;
      continue;
    }
    if (opens(text[at])) ++depth;
    if (closes(text[at]) && --depth == 0) return at + 1;
    ++at;
  }
  return at;
}

size_t end_of_expression(std::string_view text, size_t at) {
  while (at < text.size() && !closes(text[at]) && text[at] != ',' && text[at] != ';') {
    const size_t end = skip_quoted(text, at);
    if (end != at) {
      at = end;
    } else {
      at = opens(text[at]) ? end_of_brackets(text, at) : at + 1;
    }
  }
  return at;
}

}  // namespace perigee::k6
