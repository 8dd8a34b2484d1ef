#include "engine/reports/named_requests.h"

#include <algorithm>
#include <map>
#include <string>
#include <string_view>
#include <utility>

#include "engine/reports/response_status.h"

namespace perigee::reports {
namespace {

using Key = std::pair<std::string, std::string>;

std::string_view protocol_of(std::string_view metric) {
  if (metric.starts_with("http_req")) return "http";
  if (metric.starts_with("grpc_req")) return "grpc";
  return {};
}

// `metric` is without its protocol.
void add(NamedRequests& requests, std::string_view metric, const SeriesTotal& series) {
  if (metric == "reqs") {
    const std::string status = response_status(requests.protocol + '_', *series.tags);
    requests.count += series.sink.samples();
    requests.statuses[status] += series.sink.samples();
  } else if (metric == "req_failed") {
    requests.failed += series.sink.rate().nonzero;
  } else if (metric == "req_duration") {
    requests.latency.merge(series.sink.trend());
  }
}

}  // namespace

std::vector<NamedRequests> named_requests(const Aggregator& aggregator) {
  std::map<Key, NamedRequests> by_name;
  for (const SeriesTotal& series : aggregator.series()) {
    const std::string& metric = aggregator.registry().at(series.metric).name;
    const std::string_view protocol = protocol_of(metric);
    if (protocol.empty() || series.sink.empty()) continue;
    const Key key(protocol, tag_value(*series.tags, "name"));
    NamedRequests& requests = by_name[key];
    requests.protocol = key.first;
    requests.name = key.second;
    add(requests, std::string_view(metric).substr(protocol.size() + 1), series);
  }
  std::vector<NamedRequests> sorted;
  for (auto& [key, requests] : by_name) {
    if (requests.count > 0) sorted.push_back(std::move(requests));
  }
  std::stable_sort(sorted.begin(), sorted.end(),
                   [](const auto& a, const auto& b) { return a.count > b.count; });
  return sorted;
}

}  // namespace perigee::reports
