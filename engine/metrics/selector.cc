#include "engine/metrics/selector.h"

#include <vector>

#include <fmt/format.h>

#include "engine/base/config_error.h"

namespace perigee {
namespace {

std::string_view trim(std::string_view text, std::string_view what) {
  const size_t begin = text.find_first_not_of(what);
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(what) - begin + 1);
}

std::string_view trim(std::string_view text) {
  return trim(text, " \t\r\n");
}

[[noreturn]] void fail(std::string_view text, std::string_view reason) {
  throw ConfigError(fmt::format(
      "\"{}\" does not name a metric: {}; write metric or metric{{tag:value,other_tag:value}}, "
      "where a value may hold colons, braces and quotation marks, and commas if it stands in "
      "quotation marks: {{name:\"a,b\"}}",
      text, reason));
}

bool is_quote(char c) {
  return c == '"' || c == '\'';
}

// Without the quotation marks around it, if it has such.
std::string_view unquote(std::string_view text) {
  text = trim(text);
  const bool quoted = text.size() >= 2 && is_quote(text.front()) && text.back() == text.front();
  return quoted ? text.substr(1, text.size() - 2) : text;
}

// Where the quotation mark at `begin` has its other one; npos if it has none before a comma or the
// end.
size_t end_of_quotes(std::string_view text, size_t begin) {
  for (size_t at = text.find(text[begin], begin + 1); at != std::string_view::npos;
       at = text.find(text[begin], at + 1)) {
    const size_t next = text.find_first_not_of(" \t\r\n", at + 1);
    if (next == std::string_view::npos || text[next] == ',' || text[next] == ':') return at;
  }
  return std::string_view::npos;
}

// Splits at the commas that are not within quotation marks. Those stand at the beginning of a tag
// or a value; within it they are like any other character.
std::vector<std::string_view> split(std::string_view text, std::string_view selector) {
  std::vector<std::string_view> parts;
  size_t begin = 0;
  bool begins = true;
  for (size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (begins && is_quote(c)) {
      i = end_of_quotes(text, i);
      if (i == std::string_view::npos) fail(selector, "a quotation mark in it has no other one");
    } else if (c == ',') {
      parts.push_back(text.substr(begin, i - begin));
      begin = i + 1;
    }
    begins = c == ',' || c == ':' || (begins && c == ' ');
  }
  parts.push_back(text.substr(begin));
  return parts;
}

// Where the tag ends and its value begins: at the first colon that is not within quotation marks.
size_t find_colon(std::string_view part) {
  const size_t first = part.find_first_not_of(" \t\r\n");
  if (first == std::string_view::npos) return first;
  const size_t from = is_quote(part[first]) ? part.find(part[first], first + 1) : first;
  return from == std::string_view::npos ? from : part.find(':', from);
}

void read_tag(std::string_view part, std::string_view selector, TagSet& tags) {
  const size_t colon = find_colon(part);
  const std::string_view key = unquote(part.substr(0, colon));
  if (colon == std::string_view::npos) {
    const size_t equals = part.find('=');
    if (equals == std::string_view::npos) {
      fail(selector, fmt::format("the tag \"{}\" has no value", trim(part)));
    }
    fail(selector, fmt::format("a tag and its value have a colon between them, as in {}:{}",
                               trim(trim(part.substr(0, equals)), "!~<>"),
                               trim(part.substr(equals), "=~ \"'")));
  }
  if (key.empty()) fail(selector, fmt::format("the value in \"{}\" has no tag", trim(part)));
  if (tags.find(key) != nullptr) {
    fail(selector,
         fmt::format("the tag \"{}\" stands in it twice, and no sample has two values of it", key));
  }
  tags.set(key, unquote(part.substr(colon + 1)));
}

}  // namespace

std::string_view MetricSelector::suffix() const {
  if (tags.empty()) return {};
  const std::string_view braced = std::string_view(text).substr(text.find('{') + 1);
  return trim(braced.substr(0, braced.rfind('}')));
}

MetricSelector parse_selector(std::string_view text) {
  const std::string_view whole = trim(text);
  const size_t brace = whole.find('{');
  MetricSelector selector;
  selector.text = whole;
  selector.metric = trim(whole.substr(0, brace));
  if (selector.metric.empty()) fail(text, "it begins with no name");
  if (brace == std::string_view::npos) {
    if (whole.back() == '}') fail(text, "its } has no {");
    return selector;
  }
  if (whole.back() != '}') {
    fail(text, whole.find('}') == std::string_view::npos ? "its { has no }"
                                                         : "something follows its last }");
  }
  const std::string_view tags = whole.substr(brace + 1, whole.size() - brace - 2);
  if (trim(tags).empty()) fail(text, "there is nothing between its braces");
  for (const std::string_view part : split(tags, text))
    read_tag(part, text, selector.tags);
  return selector;
}

}  // namespace perigee
