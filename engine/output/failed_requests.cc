#include "engine/output/failed_requests.h"

#include <algorithm>
#include <map>
#include <string>

#include "engine/output/grpc_code.h"

namespace perigee {
namespace {

// More kinds than this are one.
constexpr size_t kMostKinds = 6;

std::string kind_of(const std::string& status, bool is_grpc) {
  if (is_grpc) return "status " + grpc_code_name(status);
  return status.empty() || status == "0" ? "no response" : "status " + status;
}

void fold_rare(std::vector<SummaryFailure>& failures) {
  if (failures.size() <= kMostKinds) return;
  uint64_t rest = 0;
  for (size_t i = kMostKinds - 1; i < failures.size(); ++i)
    rest += failures[i].count;
  failures.resize(kMostKinds - 1);
  failures.push_back({"others", rest});
}

}  // namespace

std::vector<SummaryFailure> failed_requests(const Aggregator& aggregator, const Metric& metric) {
  const bool is_grpc = metric.name == "grpc_req_failed";
  if (!is_grpc && metric.name != "http_req_failed") return {};
  std::map<std::string, uint64_t> counts;
  for (const SeriesTotal& series : aggregator.series()) {
    if (series.metric != metric.id) continue;
    const std::string* status = series.tags->find("status");
    const uint64_t failed = series.sink.rate().nonzero;
    if (status != nullptr && failed > 0) counts[kind_of(*status, is_grpc)] += failed;
  }
  std::vector<SummaryFailure> failures;
  for (const auto& [kind, count] : counts)
    failures.push_back({kind, count});
  std::stable_sort(failures.begin(), failures.end(),
                   [](const auto& a, const auto& b) { return a.count > b.count; });
  fold_rare(failures);
  return failures;
}

}  // namespace perigee
