#include "engine/output/http_report.h"

#include <algorithm>
#include <array>
#include <charconv>

namespace perigee {
namespace {

constexpr std::string_view kTooManyErrors = "(too many different errors)";

constexpr std::string_view kPrefix = "http_req_";

struct PhaseMetric {
  std::string_view name;
  std::string_view metric;
  bool only_made;  // zeros stand for connections that were there
};

constexpr std::array<PhaseMetric, 6> kPhases{
    {{"waiting for a connection", "http_req_blocked", false},
     {"TCP connect", "http_req_connecting", true},
     {"TLS handshake", "http_req_tls_handshaking", true},
     {"sending", "http_req_sending", false},
     {"waiting for the answer", "http_req_waiting", false},
     {"receiving", "http_req_receiving", false}}};

int number_of(const std::string* text) {
  int number = 0;
  if (text != nullptr) std::from_chars(text->data(), text->data() + text->size(), number);
  return number;
}

Histogram without_zeros(const Histogram& histogram) {
  Histogram::Parts parts = histogram.parts();
  parts.zeros = 0;
  if (!parts.buckets.empty() && parts.min == 0) {
    parts.min = Histogram::middle_of(parts.buckets.front().first);
    parts.max = std::max(parts.min, parts.max);
  }
  return Histogram::from(parts);
}

// Reads a run's figures by the names of its metrics.
class Figures {
 public:
  explicit Figures(const Aggregator& aggregator) : aggregator_(aggregator) {}

  const Sink* total(std::string_view name) const {
    const Metric* metric = aggregator_.registry().find(name);
    return metric == nullptr ? nullptr : aggregator_.total(metric->id);
  }

  double sum(std::string_view name) const {
    const Sink* sink = total(name);
    return sink == nullptr ? 0 : sink->counter().sum;
  }

  uint64_t count(std::string_view name) const { return static_cast<uint64_t>(sum(name)); }

  uint64_t failed() const {
    const Sink* sink = total("http_req_failed");
    return sink == nullptr ? 0 : sink->rate().nonzero;
  }

  // Calls `visit` with the tags and the sink of each series of a metric.
  template <typename Visit>
  void each(std::string_view name, Visit visit) const {
    const Metric* metric = aggregator_.registry().find(name);
    for (const SeriesTotal& series : aggregator_.series()) {
      if (metric != nullptr && series.metric == metric->id) visit(*series.tags, series.sink);
    }
  }

 private:
  const Aggregator& aggregator_;
};

void add_error(const TagSet& tags, uint64_t count, std::vector<HttpErrorCount>& errors) {
  const std::string* text = tags.find("error");
  const std::string name(text == nullptr ? kTooManyErrors : *text);
  const auto found = std::find_if(errors.begin(), errors.end(),
                                  [&](const HttpErrorCount& error) { return error.text == name; });
  if (found != errors.end()) {
    found->count += count;
  } else {
    errors.push_back({name, number_of(tags.find("error_code")), count});
  }
}

void count_answers(const Figures& figures, HttpReport& report) {
  figures.each("http_reqs", [&](const TagSet& tags, const Sink& sink) {
    const auto count = static_cast<uint64_t>(sink.counter().sum);
    const int status = number_of(tags.find("status"));
    if (status != 0) {
      report.statuses[status] += count;
    } else {
      add_error(tags, count, report.errors);
    }
  });
  std::stable_sort(
      report.errors.begin(), report.errors.end(),
      [](const HttpErrorCount& a, const HttpErrorCount& b) { return a.count > b.count; });
}

}  // namespace

HttpReport make_http_report(const Aggregator& aggregator, const Summary& summary) {
  const Figures figures(aggregator);
  HttpReport report;
  report.seconds = summary.load_seconds;
  report.requests = figures.count("http_reqs");
  report.failed = figures.failed();
  report.interrupted = figures.count("http_reqs_interrupted");
  report.dropped = figures.count("dropped_iterations");
  report.retried = figures.count("http_reqs_retried");
  report.bytes_sent = figures.sum("data_sent");
  report.bytes_received = figures.sum("data_received");
  count_answers(figures, report);
  figures.each("http_req_duration", [&](const TagSet& tags, const Sink& sink) {
    if (number_of(tags.find("status")) != 0) report.latency.merge(sink.trend());
  });
  if (const Sink* due = figures.total("iteration_latency")) report.from_due = due->trend();
  for (const PhaseMetric& phase : kPhases) {
    const Sink* times = figures.total(phase.metric);
    if (times == nullptr) continue;
    Histogram all = phase.only_made ? without_zeros(times->trend()) : times->trend();
    if (!all.empty())
      report.phases.push_back({phase.name, phase.metric.substr(kPrefix.size()), std::move(all)});
  }
  for (const SummaryMetric& metric : summary.metrics) {
    if (!metric.thresholds.empty()) report.thresholds.push_back(metric);
  }
  report.warnings = summary.warnings;
  return report;
}

}  // namespace perigee
