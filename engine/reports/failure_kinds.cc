#include "engine/reports/failure_kinds.h"

#include <algorithm>
#include <map>
#include <string>
#include <string_view>
#include <utility>

#include "engine/metrics/failure_counts.h"
#include "engine/reports/response_status.h"

namespace perigee::reports {
namespace {

using Counts = std::map<std::pair<std::string, std::string>, uint64_t>;

std::string http_kind(const TagSet& tags) {
  const std::string status = tag_value(tags, "status");
  if (!status.empty() && status != "0") return "HTTP " + status;
  const std::string code = tag_value(tags, "error_code");
  return code.empty() ? "HTTP" : "HTTP error " + code;
}

void add_requests(const SeriesTotal& series, std::string kind, Counts& counts) {
  const uint64_t failed = series.sink.rate().nonzero;
  if (failed > 0) counts[{std::move(kind), tag_value(*series.tags, "error")}] += failed;
}

void add_checks(const Aggregator& aggregator, Counts& counts) {
  for (const CheckTotal& check : aggregator.checks().checks()) {
    const std::string group = check.group.empty() ? "" : check.group.substr(2) + "::";
    if (check.fails > 0) counts[{"check", group + check.name}] += check.fails;
  }
}

void add_counters(const Aggregator& aggregator, Counts& counts) {
  for (const Metric& metric : aggregator.registry()) {
    const Sink* total = aggregator.total(metric.id);
    if (total == nullptr || metric.kind != MetricKind::kCounter) continue;
    if (!counts_failures(metric.name) || total->counter().sum <= 0) continue;
    counts[{metric.name, ""}] += static_cast<uint64_t>(total->counter().sum);
  }
}

}  // namespace

std::vector<FailureKind> failure_kinds(const Aggregator& aggregator) {
  Counts counts;
  for (const SeriesTotal& series : aggregator.series()) {
    const std::string& metric = aggregator.registry().at(series.metric).name;
    if (metric == "http_req_failed") add_requests(series, http_kind(*series.tags), counts);
    if (metric == "grpc_req_failed") {
      add_requests(series, "gRPC " + response_status(metric, *series.tags), counts);
    }
  }
  add_checks(aggregator, counts);
  add_counters(aggregator, counts);
  std::vector<FailureKind> kinds;
  for (const auto& [kind, count] : counts)
    kinds.push_back({kind.first, kind.second, count});
  std::stable_sort(kinds.begin(), kinds.end(),
                   [](const auto& a, const auto& b) { return a.count > b.count; });
  return kinds;
}

}  // namespace perigee::reports
