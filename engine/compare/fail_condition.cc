#include "engine/compare/fail_condition.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <sstream>
#include <vector>

#include <fmt/format.h>

#include "engine/base/config_error.h"
#include "engine/base/suggest.h"

namespace perigee::compare {
namespace {

constexpr std::string_view kForm =
    "METRIC STATISTIC worse by N%, as in http_req_duration p(95) worse by 5%";

[[noreturn]] void refuse(std::string_view source, const std::string& reason) {
  throw ConfigError(fmt::format("--fail-if \"{}\": {}", source, reason));
}

// Where the metric ends: at the last brace, or the first space.
size_t end_of_metric(std::string_view source) {
  const size_t begin = std::min(source.find_first_not_of(" \t"), source.size());
  const size_t space = std::min(source.find_first_of(" \t", begin), source.size());
  const bool has_tags = source.find('{') < space;
  return has_tags ? std::min(source.rfind('}'), source.size() - 1) + 1 : space;
}

// The metric as one word, whatever it holds, and the others.
std::vector<std::string> words_of(std::string_view source) {
  const size_t end = end_of_metric(source);
  std::istringstream stream{std::string(source.substr(end))};
  std::vector<std::string> words{std::string(source.substr(0, end))};
  for (std::string word; stream >> word;)
    words.push_back(std::move(word));
  return words;
}

const Metric& find_metric(std::string_view source, const std::string& name,
                          const MetricRegistry& registry) {
  const Metric* metric = registry.find(name);
  if (metric != nullptr && metric->kind != MetricKind::kGauge) return *metric;
  if (metric != nullptr) refuse(source, "gauges are not compared");
  std::vector<std::string_view> known;
  for (const Metric& other : registry)
    known.push_back(other.name);
  refuse(source, fmt::format("there is no metric {}{}", name, did_you_mean(name, known)));
}

// Puts the metric's own name in place of that which was written, if it is that of a part.
const Metric& find_part(std::string_view source, const MetricSelector& selector,
                        const MetricRegistry& registry, const MetricParts& parts,
                        std::string& name) {
  const Metric& metric = find_metric(source, selector.metric, registry);
  name = part_name(selector.metric, selector.tags);
  if (parts.find(name) == nullptr) {
    refuse(source, fmt::format("nothing was measured for {}", name));
  }
  return metric;
}

std::string find_statistic(std::string_view source, std::string word, const Metric& metric) {
  const std::vector<std::string> names = figure_names(metric.kind);
  if (word == "p(50)") word = "med";
  if (std::find(names.begin(), names.end(), word) != names.end()) return word;
  refuse(source, fmt::format("of {} there are {}", metric.name, fmt::join(names, ", ")));
}

FailCondition::Kind parse_kind(std::string_view source, std::string_view word) {
  if (word == "worse") return FailCondition::Kind::kWorse;
  if (word == "higher") return FailCondition::Kind::kHigher;
  if (word == "lower") return FailCondition::Kind::kLower;
  refuse(source, fmt::format("write {}; beside worse there are higher and lower", kForm));
}

double parse_share(std::string_view source, std::string_view text) {
  double percent = 0;
  if (text.ends_with('%')) text.remove_suffix(1);
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), percent);
  const bool is_number = error == std::errc() && end == text.data() + text.size();
  if (!is_number || !(percent >= 0) || !std::isfinite(percent)) {
    refuse(source, fmt::format("write how much as a percentage: {}", kForm));
  }
  return percent / 100;
}

}  // namespace

std::optional<MetricSelector> part_of_condition(std::string_view source) {
  const std::string metric = words_of(source).front();
  if (metric.find('{') == std::string::npos) return std::nullopt;
  try {
    return parse_selector(metric);
  } catch (const ConfigError& error) {
    refuse(source, error.what());
  }
}

FailCondition parse_fail_condition(std::string_view source, const MetricRegistry& registry,
                                   const MetricParts& parts) {
  std::vector<std::string> words = words_of(source);
  if (words.size() == 4) words.insert(words.begin() + 1, "");
  if (words.size() != 5 || words[3] != "by") refuse(source, fmt::format("write {}", kForm));
  const auto part = part_of_condition(source);
  const Metric& metric = part ? find_part(source, *part, registry, parts, words[0])
                              : find_metric(source, words[0], registry);
  FailCondition condition{.source = std::string(source), .metric = words[0], .statistic = words[1]};
  if (words[1].empty() && metric.kind != MetricKind::kTrend) words[1] = "rate";
  condition.statistic = find_statistic(source, words[1], metric);
  condition.kind = parse_kind(source, words[2]);
  condition.direction = direction_of(metric, metric.name);
  if (condition.kind == FailCondition::Kind::kWorse && condition.direction == 0) {
    refuse(source, fmt::format("more of {} is neither better nor worse: write higher or lower",
                               metric.name));
  }
  condition.share = parse_share(source, words[4]);
  return condition;
}

bool is_met(const FailCondition& condition, const Comparison& comparison) {
  const Figure* figure = comparison.find(condition.metric, condition.statistic);
  if (figure == nullptr || figure->verdict == Verdict::kOnlyBase ||
      figure->verdict == Verdict::kOnlyNew || figure->verdict == Verdict::kNoDifference) {
    return false;
  }
  int sign = condition.kind == FailCondition::Kind::kLower ? -1 : 1;
  if (condition.kind == FailCondition::Kind::kWorse) sign = -condition.direction;
  const double difference = sign * (figure->now - figure->base);
  // Of nothing every rise is more than any percentage.
  return difference > 0 && difference >= condition.share * std::abs(figure->base);
}

}  // namespace perigee::compare
