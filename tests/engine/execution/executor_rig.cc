#include "tests/engine/execution/executor_rig.h"

#include <algorithm>
#include <utility>

namespace perigee {

struct ExecutorRig::RigWorker {
  RigWorker(Stripe share, VuNumbers numbers, const MetricRegistry& registry,
            const FakeScript& script, FakeClock& clock)
      : stripe(share),
        shard(registry),
        users(script, clock.timers(share.index), clock),
        pool(users, std::move(numbers)) {}

  Stripe stripe;
  MetricShard shard;
  FakeUsers users;
  VuPool pool;
  std::deque<ScenarioRun> runs;
  std::deque<IterationMetrics> metrics;
  std::vector<std::unique_ptr<Executor>> executors;
};

// Delivered by a timer, and so never within the call that sends it.
struct ExecutorRig::Message {
  Message(TimerQueue& timers, Instant at, std::function<void()> task)
      : timer(timers, std::move(task)) {
    timer.start(at);
  }
  Timer timer;
};

Scenario scenario(std::string name, ExecutorConfig config) {
  Scenario scenario;
  scenario.name = std::move(name);
  scenario.config = config;
  return scenario;
}

ExecutorRig::ExecutorRig(std::vector<Scenario> scenarios, uint32_t workers,
                         const FakeScript& script)
    : scenarios_(std::move(scenarios)),
      deal_(scenarios_, workers),
      script_(script),
      builtins_(declare_builtins(registry_)),
      state_(scenarios_.size(), workers),
      log_(LogLevel::kDebug, [this](std::string_view line) { logged.emplace_back(line); }),
      aggregator_(registry_, {}) {
  script_.init = [this, init = script.init](uint64_t id) {
    init(id);
    made.push_back(id);
  };
  script_.iteration = [this, iteration = script.iteration](const VirtualUser& vu,
                                                           const Iteration& it) {
    starts.push_back({it.run->scenario.name, it.number, vu.id(), clock.now() - started_});
    return iteration(vu, it);
  };
  for (uint32_t i = 0; i < workers; ++i)
    add_worker(i, workers);
}

ExecutorRig::~ExecutorRig() = default;

void ExecutorRig::add_worker(uint32_t index, uint32_t count) {
  auto& worker = *workers_.emplace_back(std::make_unique<RigWorker>(
      Stripe{index, count}, VuNumbers(deal_.planned(), index, state_.unplanned_vus), registry_,
      script_, clock));
  worker.pool.make_planned();
  for (size_t i = 0; i < scenarios_.size(); ++i) {
    const TagSet tags{{"scenario", scenarios_[i].name}};
    const TagSetId context = worker.shard.tags().intern(tags);
    worker.runs.push_back({scenarios_[i], i, tags, context, {}});
    worker.metrics.emplace_back(worker.shard, builtins_, context);
  }
}

void ExecutorRig::start() {
  started_ = clock.now();
  const auto on_done = [this] {
    ++told_done_;
    ended_at_ = clock.now() - started_;
  };
  for (auto& worker : workers_) {
    TimerQueue& timers = clock.timers(worker->stripe.index);
    for (size_t i = 0; i < scenarios_.size(); ++i) {
      worker->executors.push_back(
          make_executor({worker->runs[i], state_.progress[i], worker->stripe.index,
                         deal_.stripe(i, worker->stripe.index), timers, clock, worker->pool,
                         worker->metrics[i], *this, log_, min_iteration_duration, [] {}, on_done,
                         [this](const std::string& error) { failures.push_back(error); }}));
    }
  }
  for (auto& worker : workers_) {
    for (auto& executor : worker->executors)
      executor->start(RunClock(started_));
  }
}

void ExecutorRig::abort() {
  for (uint32_t i = 0; i < workers_.size(); ++i)
    abort_worker(i);
  advance({});
}

void ExecutorRig::abort_worker(uint32_t worker) {
  for (auto& executor : workers_[worker]->executors)
    executor->abort();
}

void ExecutorRig::pause() {
  for (auto& worker : workers_) {
    for (auto& executor : worker->executors)
      executor->pause(clock.now());
  }
}

void ExecutorRig::resume() {
  for (auto& worker : workers_) {
    for (auto& executor : worker->executors)
      executor->resume(clock.now());
  }
}

void ExecutorRig::change(const ScenarioChange& change, Duration offset, size_t scenario) {
  for (auto& worker : workers_)
    worker->executors[scenario]->change(change, offset);
}

bool ExecutorRig::done() const {
  return std::all_of(workers_.begin(), workers_.end(), [](const auto& worker) {
    return std::all_of(worker->executors.begin(), worker->executors.end(),
                       [](const auto& executor) { return executor->done(); });
  });
}

Executor& ExecutorRig::executor(size_t worker, size_t scenario) {
  return *workers_[worker]->executors[scenario];
}

uint64_t ExecutorRig::active_vus(const std::string& scenario) const {
  uint64_t sum = 0;
  for (const auto& worker : workers_) {
    for (size_t i = 0; i < scenarios_.size(); ++i) {
      if (scenarios_[i].name == scenario) sum += worker->executors[i]->active_vus();
    }
  }
  return sum;
}

void ExecutorRig::collect() {
  for (auto& worker : workers_)
    aggregator_.add(worker->shard.take(started_, clock.now()));
}

// Of all scenarios where the name is empty.
double ExecutorRig::sum(MetricId metric, const std::string& scenario) {
  double sum = 0;
  for (const SeriesTotal& series : aggregator_.series()) {
    const bool wanted = scenario.empty() || *series.tags->find("scenario") == scenario;
    if (series.metric == metric && wanted) sum += series.sink.counter().sum;
  }
  return sum;
}

Totals ExecutorRig::totals() {
  return totals("");
}

Totals ExecutorRig::totals(const std::string& scenario) {
  collect();
  const auto count = [&](MetricId metric) { return static_cast<uint64_t>(sum(metric, scenario)); };
  return {.completed = count(builtins_.iterations),
          .failed = count(builtins_.iteration_errors),
          .interrupted = count(builtins_.iterations_interrupted),
          .dropped = count(builtins_.dropped_iterations)};
}

Histogram ExecutorRig::trend(MetricId metric) {
  collect();
  const Sink* total = aggregator_.total(metric);
  return total == nullptr ? Histogram() : total->trend();
}

void ExecutorRig::post(size_t worker, std::function<void()> task) {
  messages_.push_back(std::make_unique<Message>(clock.timers(worker), clock.now() + message_delay,
                                                std::move(task)));
}

void ExecutorRig::hand_over(size_t worker, size_t scenario, uint64_t n, Instant due) {
  post(worker, [=, this] { executor(worker, scenario).take_over(n, due); });
}

void ExecutorRig::announce_scheduled(size_t scenario) {
  for (size_t worker = 0; worker < workers_.size(); ++worker)
    post(worker, [=, this] { executor(worker, scenario).on_scheduled(); });
}

}  // namespace perigee
