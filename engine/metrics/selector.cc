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

std::string_view unquote(std::string_view text) {
  return trim(trim(text), "\"'");
}

// Splits at the commas that are not within quotes.
std::vector<std::string_view> split(std::string_view text) {
  std::vector<std::string_view> parts;
  size_t begin = 0;
  char quote = 0;
  for (size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (quote != 0) {
      if (c == quote) quote = 0;
    } else if (c == '"' || c == '\'') {
      quote = c;
    } else if (c == ',') {
      parts.push_back(text.substr(begin, i - begin));
      begin = i + 1;
    }
  }
  parts.push_back(text.substr(begin));
  return parts;
}

[[noreturn]] void fail(std::string_view text) {
  throw ConfigError(fmt::format(
      "\"{}\" does not name a metric: write metric or metric{{tag:value,other_tag:value}}", text));
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
  if (selector.metric.empty()) fail(text);
  if (brace == std::string_view::npos) return selector;
  if (whole.back() != '}') fail(text);
  for (std::string_view part : split(whole.substr(brace + 1, whole.size() - brace - 2))) {
    const size_t colon = part.find(':');
    const std::string_view key = unquote(part.substr(0, colon));
    if (colon == std::string_view::npos || key.empty()) fail(text);
    selector.tags.set(key, unquote(part.substr(colon + 1)));
  }
  return selector;
}

}  // namespace perigee
