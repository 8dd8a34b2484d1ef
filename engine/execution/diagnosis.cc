#include "engine/execution/diagnosis.h"

#include <algorithm>
#include <optional>
#include <string_view>

#include <fmt/format.h>

namespace perigee {
namespace {

// Above this share of a CPU a loop answers late: what it measures then is itself.
constexpr double kBusy = 0.9;
// Milliseconds that timers may be late in the median second.
constexpr double kLate = 20;
// The share of a quota's periods in which it may be used up.
constexpr double kThrottled = 0.05;

// One worker over the whole load.
struct WorkerLoad {
  std::string name;
  double busy = 0;       // its mean share of a CPU
  double late = 0;       // ms, of the latest timer of the median second
  double most_late = 0;  // ms, of the whole load
};

// Everything of one metric with a tag of this value; null without samples.
const Sink* find_series(const Aggregator& aggregator, std::string_view metric, const TagSet& tags) {
  const Metric* known = aggregator.registry().find(metric);
  if (known == nullptr) return nullptr;
  for (const SeriesTotal& series : aggregator.series()) {
    if (series.metric == known->id && series.tags->contains(tags)) return &series.sink;
  }
  return nullptr;
}

std::vector<WorkerLoad> worker_loads(const Aggregator& aggregator, uint32_t workers) {
  std::vector<WorkerLoad> loads;
  for (uint32_t i = 0; i < workers; ++i) {
    const TagSet tags{{"worker", fmt::to_string(i)}};
    const Sink* busy = find_series(aggregator, "worker_busy", tags);
    const Sink* lag = find_series(aggregator, "loop_lag", tags);
    if (busy == nullptr || lag == nullptr || busy->empty()) continue;
    loads.push_back(
        {fmt::to_string(i), busy->trend().avg(), lag->trend().percentile(50), lag->trend().max()});
  }
  return loads;
}

class Diagnosis {
 public:
  Diagnosis(const Aggregator& aggregator, const Options& options,
            const RunCircumstances& circumstances)
      : aggregator_(aggregator), options_(options), circumstances_(circumstances) {}

  std::vector<std::string> write() {
    judge_workers();
    judge_quota();
    for (const Scenario& scenario : options_.scenarios)
      judge_drops(scenario);
    return std::move(sentences_);
  }

 private:
  void judge_workers() {
    const auto loads = worker_loads(aggregator_, circumstances_.workers);
    const auto busiest = std::max_element(
        loads.begin(), loads.end(), [](const auto& a, const auto& b) { return a.busy < b.busy; });
    const auto latest = std::max_element(
        loads.begin(), loads.end(), [](const auto& a, const auto& b) { return a.late < b.late; });
    if (busiest == loads.end()) return;
    if (busiest->busy >= kBusy) {
      blame(fmt::format("worker {} was busy {:.0f} % of the time{}{}. {}", busiest->name,
                        busiest->busy * 100, lateness(*busiest), start_delay(), more_cpu()));
    } else if (latest->late >= kLate) {
      blame(fmt::format(
          "in half of the seconds timers of worker {} fired {:.0f} ms late or later, although it "
          "was busy only {:.0f} % of the time{}. Something else takes its CPU, or the script "
          "computes for long without waiting",
          latest->name, latest->late, latest->busy * 100, start_delay()));
    }
  }

  void blame(const std::string& reason) {
    sentences_.push_back(
        fmt::format("The load generator was the limit, not the target: {}.", reason));
  }

  static std::string lateness(const WorkerLoad& worker) {
    if (worker.most_late < 1) return "";
    return fmt::format(", and its timers fired up to {:.0f} ms late", worker.most_late);
  }

  std::string start_delay() const {
    const Metric* metric = aggregator_.registry().find("iteration_start_delay");
    const Sink* delay = metric == nullptr ? nullptr : aggregator_.total(metric->id);
    if (delay == nullptr) return "";
    return fmt::format("; arrivals started late, by p(95)={:.1f} ms",
                       delay->trend().percentile(95));
  }

  std::string more_cpu() const {
    const auto cpus = static_cast<uint32_t>(circumstances_.cpus);
    if (circumstances_.workers < cpus) {
      return fmt::format("Use more workers (--workers, {} now, {} CPUs) or fewer outputs",
                         circumstances_.workers, cpus);
    }
    return fmt::format("Use more CPUs ({} now), another machine, or fewer outputs", cpus);
  }

  void judge_quota() {
    const CpuThrottling& quota = circumstances_.throttling;
    const double share = static_cast<double>(quota.throttled) /
                         static_cast<double>(std::max<uint64_t>(quota.periods, 1));
    if (share < kThrottled) return;
    blame(
        fmt::format("its CPU quota was used up in {} of {} periods ({:.0f} %), and it was stopped "
                    "for the rest of each. Raise the CPU limit of the container",
                    quota.throttled, quota.periods, share * 100));
  }

  double count(std::string_view metric, const Scenario& scenario) const {
    const Metric* known = aggregator_.registry().find(metric);
    double sum = 0;
    for (const SeriesTotal& series : aggregator_.series()) {
      const bool counts =
          series.metric == known->id && series.tags->contains({{"scenario", scenario.name}});
      if (counts) sum += series.sink.counter().sum;
    }
    return sum;
  }

  void judge_drops(const Scenario& scenario) {
    if (!scenario.is_open()) return;
    const double dropped = count("dropped_iterations", scenario);
    if (dropped == 0) return;
    const double arrived =
        dropped + count("iterations", scenario) + count("iterations_interrupted", scenario);
    const bool queued = scenario.arrival_rules()->overload == Overload::kQueue;
    sentences_.push_back(fmt::format(
        "Scenario {}: {} of {} arrivals ({:.1f} %) were dropped because {}. Raise maxVUs if the "
        "target is meant to cope with more at a time.",
        scenario.name, dropped, arrived, dropped / arrived * 100,
        queued ? fmt::format("they were still queued for its {} VUs at the end", scenario.max_vus())
               : fmt::format("none of its {} VUs was free", scenario.max_vus())));
  }

  const Aggregator& aggregator_;
  const Options& options_;
  const RunCircumstances& circumstances_;
  std::vector<std::string> sentences_;
};

}  // namespace

std::vector<std::string> diagnose(const Aggregator& aggregator, const Options& options,
                                  const RunCircumstances& circumstances) {
  return Diagnosis(aggregator, options, circumstances).write();
}

}  // namespace perigee
