#include "engine/output/load_report.h"

#include <algorithm>
#include <array>
#include <charconv>

#include "engine/output/grpc_code.h"

namespace perigee {
namespace {

constexpr std::string_view kTooManyErrors = "(too many different errors)";

struct PhaseMetric {
  std::string_view name;
  std::string_view key;
  bool only_made;  // zeros stand for connections that were there
};

// The key is what the metric's name ends in, behind "http_req_" or "grpc_req_".
constexpr std::array<PhaseMetric, 6> kPhases{{{"waiting for a connection", "blocked", false},
                                              {"TCP connect", "connecting", true},
                                              {"TLS handshake", "tls_handshaking", true},
                                              {"sending", "sending", false},
                                              {"waiting for the answer", "waiting", false},
                                              {"receiving", "receiving", false}}};

constexpr LoadWords kGrpcWords{.requests = "calls",
                               .target = "address",
                               .latency = "of calls",
                               .connections = "callers",
                               .unreached = "Unavailable"};

std::string status_name(const std::string* number) {
  return number == nullptr ? std::string(kTooManyErrors) : grpc_code_name(*number);
}

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

  uint64_t failed(std::string_view name) const {
    const Sink* sink = total(name);
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

void add_error(const TagSet& tags, uint64_t count, std::vector<LoadErrorCount>& errors) {
  const std::string* text = tags.find("error");
  const std::string name(text == nullptr ? kTooManyErrors : *text);
  const auto found = std::find_if(errors.begin(), errors.end(),
                                  [&](const LoadErrorCount& error) { return error.text == name; });
  if (found != errors.end()) {
    found->count += count;
  } else {
    errors.push_back({name, number_of(tags.find("error_code")), count});
  }
}

void sort_errors(std::vector<LoadErrorCount>& errors) {
  std::stable_sort(
      errors.begin(), errors.end(),
      [](const LoadErrorCount& a, const LoadErrorCount& b) { return a.count > b.count; });
}

void count_answers(const Figures& figures, LoadReport& report) {
  figures.each("http_reqs", [&](const TagSet& tags, const Sink& sink) {
    const auto count = static_cast<uint64_t>(sink.counter().sum);
    const int status = number_of(tags.find("status"));
    if (status != 0) {
      report.statuses[std::to_string(status)] += count;
    } else {
      add_error(tags, count, report.errors);
    }
  });
  sort_errors(report.errors);
}

// What both protocols have, under names that begin alike.
LoadReport make_report(const Figures& figures, std::string_view protocol, const Summary& summary) {
  const auto named = [&](std::string_view rest) { return std::string(protocol) += rest; };
  LoadReport report;
  report.seconds = summary.load_seconds;
  report.requests = figures.count(named("_reqs"));
  report.failed = figures.failed(named("_req_failed"));
  report.interrupted = figures.count(named("_reqs_interrupted"));
  report.dropped = figures.count("dropped_iterations");
  report.retried = figures.count(named("_reqs_retried"));
  report.bytes_sent = figures.sum("data_sent");
  report.bytes_received = figures.sum("data_received");
  if (const Sink* due = figures.total("iteration_latency")) report.from_due = due->trend();
  for (const PhaseMetric& phase : kPhases) {
    const Sink* times = figures.total(named("_req_") += phase.key);
    if (times == nullptr) continue;
    Histogram all = phase.only_made ? without_zeros(times->trend()) : times->trend();
    if (!all.empty()) report.phases.push_back({phase.name, phase.key, std::move(all)});
  }
  for (const SummaryMetric& metric : summary.metrics) {
    if (!metric.thresholds.empty()) report.thresholds.push_back(metric);
  }
  report.warnings = summary.warnings;
  return report;
}

}  // namespace

LoadReport make_http_report(const Aggregator& aggregator, const Summary& summary) {
  const Figures figures(aggregator);
  LoadReport report = make_report(figures, "http", summary);
  count_answers(figures, report);
  figures.each("http_req_duration", [&](const TagSet& tags, const Sink& sink) {
    if (number_of(tags.find("status")) != 0) report.latency.merge(sink.trend());
  });
  return report;
}

LoadReport make_grpc_report(const Aggregator& aggregator, const Summary& summary) {
  const Figures figures(aggregator);
  LoadReport report = make_report(figures, "grpc", summary);
  report.words = kGrpcWords;
  figures.each("grpc_reqs", [&](const TagSet& tags, const Sink& sink) {
    report.statuses[status_name(tags.find("status"))] += static_cast<uint64_t>(sink.counter().sum);
  });
  // The metric of the script that makes the calls.
  figures.each("grpc_failures", [&](const TagSet& tags, const Sink& sink) {
    add_error(tags, static_cast<uint64_t>(sink.counter().sum), report.errors);
  });
  sort_errors(report.errors);
  for (const char* metric : {"grpc_req_duration", "grpc_stream_duration"}) {
    if (const Sink* times = figures.total(metric)) report.latency.merge(times->trend());
  }
  if (const Sink* first = figures.total("grpc_stream_time_to_first_message")) {
    if (!first->trend().empty())
      report.phases.push_back({"first message", "first_message", first->trend()});
  }
  return report;
}

}  // namespace perigee
