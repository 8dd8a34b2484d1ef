// A selector is compared with the tags of the metric's samples; where the metric has none, with
// those of all samples. The first of its tags that no sample has is what is reported.
#include "engine/metrics/missing_samples.h"

#include <algorithm>
#include <map>
#include <set>
#include <string_view>
#include <vector>

#include <fmt/format.h>

#include "engine/base/suggest.h"

namespace perigee {
namespace {

using Names = std::vector<std::string_view>;

// More values than these are no help in a message.
constexpr size_t kListedValues = 8;

// Which tags samples have.
class SeenTags {
 public:
  explicit SeenTags(const Aggregator& aggregator, const Metric& metric) {
    const bool has_samples = aggregator.total(metric.id) != nullptr;
    for (const SeriesTotal& series : aggregator.series()) {
      if (has_samples && series.metric != metric.id) continue;
      for (const auto& [key, value] : *series.tags)
        values_[key].insert(value);
    }
  }

  Names keys() const {
    Names keys;
    for (const auto& [key, values] : values_)
      keys.push_back(key);
    return keys;
  }

  // Empty if no sample has the tag.
  Names values(const std::string& key) const {
    const auto found = values_.find(key);
    return found == values_.end() ? Names() : Names(found->second.begin(), found->second.end());
  }

 private:
  std::map<std::string_view, std::set<std::string_view>, std::less<>> values_;
};

bool is_number(std::string_view text) {
  return !text.empty() && text.find_first_not_of("0123456789") == std::string_view::npos;
}

// "login" and "outer::login" stand for the group "::outer::login".
std::string_view closest_group(std::string_view written, const Names& groups) {
  written.remove_prefix(std::min(written.find_first_not_of(':'), written.size()));
  for (const std::string_view group : groups) {
    if (!written.empty() && group.ends_with(fmt::format("::{}", written))) return group;
  }
  return closest(fmt::format("::{}", written), groups);
}

// Numbers are not misspelt: where there is no 500, nobody meant 200.
std::string_view closest_value(std::string_view key, std::string_view written, const Names& known) {
  if (is_number(written)) return {};
  return key == "group" ? closest_group(written, known) : closest(written, known);
}

std::string hint(std::string_view name) {
  return name.empty() ? "" : fmt::format(" (did you mean \"{}\"?)", name);
}

std::string list_of(const Names& values) {
  if (values.empty() || values.size() > kListedValues) return "";
  return fmt::format("; there {} \"{}\"", values.size() == 1 ? "is" : "are",
                     fmt::join(values, "\", \""));
}

std::string explain_key(const std::string& key, const std::string& metric, const Names& known,
                        const SystemTags& tags) {
  if (key == "vu" || key == "iter") {
    return fmt::format("\"{}\" is no tag of metrics, it goes with the rows of raw outputs only",
                       key);
  }
  if (tags.drops(key)) return fmt::format("the option systemTags leaves out the tag \"{}\"", key);
  return fmt::format("no sample of {} has the tag \"{}\"{}", metric, key, did_you_mean(key, known));
}

// The closest of the metrics that have samples and could be meant: those of the same kind.
std::string explain_metric(const Metric& metric, const Aggregator& aggregator) {
  Names seen;
  for (const MetricId id : aggregator.seen()) {
    const Metric& other = aggregator.registry().at(id);
    if (other.kind == metric.kind && id != metric.id) seen.emplace_back(other.name);
  }
  const std::string offered = did_you_mean(metric.name, seen);
  if (metric.kind == MetricKind::kCounter && offered.empty()) return "";
  return fmt::format("there is no sample of {}{}", metric.name, offered);
}

}  // namespace

std::string explain_missing_samples(const MetricSelector& selector, const Aggregator& aggregator,
                                    const SystemTags& tags) {
  const Metric& metric = *aggregator.registry().find(selector.metric);
  const bool is_counter = metric.kind == MetricKind::kCounter;
  const SeenTags seen(aggregator, metric);
  for (const auto& [key, value] : selector.tags) {
    const Names values = seen.values(key);
    if (values.empty()) return explain_key(key, metric.name, seen.keys(), tags);
    if (std::find(values.begin(), values.end(), value) != values.end()) continue;
    Names known = values;
    std::erase(known, "");  // what is outside of groups
    const std::string_view meant = closest_value(key, value, known);
    if (is_counter && meant.empty()) return "";
    return fmt::format("no sample of {} has \"{}\" in its tag \"{}\"{}", metric.name, value, key,
                       meant.empty() ? list_of(known) : hint(meant));
  }
  if (aggregator.total(metric.id) == nullptr) return explain_metric(metric, aggregator);
  if (is_counter) return "";
  return fmt::format("no sample of {} has all of these tags together", metric.name);
}

}  // namespace perigee
