#include "engine/execution/worker.h"

#include <algorithm>
#include <exception>
#include <utility>

#include "engine/base/cpu_usage.h"

namespace perigee {
namespace {

constexpr Duration kSnapshotInterval = std::chrono::seconds(1);

}  // namespace

Worker::Worker(uint32_t index, const RunPlan& plan, RunState& state, RunControl& control, Log& log,
               SampleQueue* raw_samples, WorkerReports& reports)
    : index_(index),
      plan_(plan),
      state_(state),
      log_(log),
      reports_(reports),
      raw_samples_(raw_samples ? std::make_unique<SampleBuffer>(index, *raw_samples) : nullptr),
      shard_(plan.registry, raw_samples_.get(), plan.options.system_tags),
      deal_(plan.options.scenarios, plan.workers),
      context_{index,        plan.workers,           loop_, shard_, plan.registry, plan.builtins,
               plan.options, run_tags(plan.options), log,   state,  control},
      meter_(shard_, plan.builtins, context_.run_tags, index),
      tick_timer_(loop_.timers(), [this] { tick(); }),
      thread_([this] { run(); }) {}

Worker::~Worker() {
  // For a run that was never executed; one that was has stopped the loop already.
  loop_.post([this] { loop_.stop(); });
  if (thread_.joinable()) thread_.join();
}

void Worker::run() {
  loop_.run();
  tear_down();
}

// In the reverse of the order in which they came to be: VUs hold things of the factory.
void Worker::tear_down() {
  executors_.clear();
  metrics_.clear();
  pool_.reset();
  factory_.reset();
  runs_.clear();
}

void Worker::prepare() {
  loop_.post([this] {
    std::string error;
    try {
      reported_ = loop_.now();
      factory_ = plan_.make_factory(context_);
      pool_ = std::make_unique<VuPool>(*factory_,
                                       VuNumbers(deal_.planned(), index_, state_.unplanned_vus));
      make_vus();
      make_runs();
      tick_timer_.start(loop_.now() + kSnapshotInterval);
    } catch (const std::exception& failure) {
      error = failure.what();
    }
    reports_.on_ready(index_, error);
  });
}

void Worker::make_vus() {
  pool_->make_planned();
  factory_->settle();
  count_vus();
}

void Worker::make_runs() {
  for (size_t i = 0; i < plan_.options.scenarios.size(); ++i) {
    const Scenario& scenario = plan_.options.scenarios[i];
    TagSet tags = context_.run_tags;
    for (const auto& [key, value] : scenario.tags)
      tags.set(key, value);
    tags.set("scenario", scenario.name);
    tags.set("group", "");
    runs_.push_back(std::make_unique<ScenarioRun>(
        ScenarioRun{scenario, i, tags, shard_.tags().intern(tags), {}}));
    metrics_.push_back(
        std::make_unique<IterationMetrics>(shard_, plan_.builtins, runs_.back()->context));
  }
}

void Worker::run_setup() {
  loop_.post([this] {
    factory_->run_setup(
        [this](LifecycleResult result) { reports_.on_lifecycle(std::move(result)); });
  });
}

void Worker::set_data(std::string data) {
  loop_.post([this, data = std::move(data)] { factory_->set_data(data); });
}

void Worker::start_load(RunClock clock) {
  loop_.post([this, clock] {
    context_.load_clock = clock;
    begin_load();
  });
}

void Worker::begin_load() {
  loading_ = true;
  move_starts();
  loop_.take_lag();
  meter_.start(loop_.now(), thread_cpu_time());
  for (size_t i = 0; i < runs_.size(); ++i) {
    executors_.push_back(make_executor(
        {*runs_[i], state_.progress[i], index_, deal_.stripe(i, index_), loop_.timers(),
         loop_.clock(), *pool_, *metrics_[i], *this, log_, plan_.options.min_iteration_duration,
         [this] { count_vus(); }, [this] { check_load_done(); },
         [this](const std::string& error) { reports_.on_failure(error); }}));
  }
  for (auto& executor : executors_)
    executor->start(context_.load_clock);
  // A segment of a test may have nothing to do.
  if (executors_.empty()) check_load_done();
}

void Worker::check_load_done() {
  const bool done = std::all_of(executors_.begin(), executors_.end(),
                                [](const auto& executor) { return executor->done(); });
  if (!done || !loading_) return;
  loading_ = false;
  const Instant at = loop_.now();
  // Not from within an executor's own call: the report takes the samples that call still makes.
  loop_.post([this, at] {
    measure();
    flush([this, at] {
      report(false);
      reports_.on_load_done(index_, at);
    });
  });
}

// What nobody waits for has as long as an iteration that runs at the regular end would have.
Instant Worker::flush_limit() const {
  const Instant now = loop_.now();
  if (aborted_) return now;
  Instant limit = now;
  for (const auto& run : runs_) {
    const Instant end = context_.load_clock.at(run->scenario.start_time + run->scenario.duration());
    limit = std::max(limit, std::min(now, end) + run->scenario.graceful_stop);
  }
  return limit;
}

void Worker::flush(const std::function<void()>& done) {
  if (!factory_) return done();
  factory_->flush(flush_limit(), done);
}

void Worker::abort_load() {
  loop_.post([this] {
    aborted_ = true;
    for (auto& executor : executors_)
      executor->abort();
    if (factory_) factory_->cut_flush();
  });
}

void Worker::change(size_t scenario, const ScenarioChange& change, Duration offset) {
  loop_.post([this, scenario, change, offset] {
    try {
      executors_[scenario]->change(change, offset);
    } catch (const std::exception& error) {
      reports_.on_failure(error.what());
    }
    count_vus();
  });
}

// The clocks of all workers stand still from the same instant on and go on from the same.
void Worker::pause(Instant at) {
  loop_.post([this, at] {
    context_.load_clock.pause(at);
    for (auto& executor : executors_)
      executor->pause(at);
  });
}

void Worker::resume(Instant at) {
  loop_.post([this, at] {
    context_.load_clock.resume(at);
    move_starts();
    for (auto& executor : executors_)
      executor->resume(at);
  });
}

// A pause puts off the scenarios that have not begun.
void Worker::move_starts() {
  for (auto& run : runs_) {
    const Instant start = context_.load_clock.at(run->scenario.start_time);
    if (start >= loop_.now()) run->started = start;
  }
}

void Worker::run_teardown(std::string data) {
  loop_.post([this, data = std::move(data)] {
    aborted_ = false;  // what it hands over is not of the load
    factory_->run_teardown(
        data, [this](LifecycleResult result) { reports_.on_lifecycle(std::move(result)); });
  });
}

void Worker::interrupt_lifecycle(ScriptFailure failure) {
  loop_.post([this, failure] {
    if (factory_) factory_->interrupt_lifecycle(failure);
  });
}

void Worker::finish() {
  loop_.post([this] {
    // Of what teardown has handed over.
    flush([this] {
      report(true);
      tick_timer_.stop();
      loop_.stop();
    });
  });
}

void Worker::measure() {
  const Instant now = loop_.now();
  // A timer that has yet to fire may be the latest of all: the script has just come back.
  const Duration lag = std::max(loop_.take_lag(), now - tick_timer_.due());
  meter_.sample(now, thread_cpu_time(), lag);
}

bool Worker::leaves_something() {
  thread_.join();
  return loop_.awaits_system();
}

void Worker::tick() {
  if (loading_) measure();
  report(false);
  tick_timer_.start(tick_timer_.due() + kSnapshotInterval);
}

void Worker::count_vus() {
  int64_t active = 0;
  int64_t looping = 0;
  for (size_t i = 0; i < executors_.size(); ++i) {
    const auto vus = static_cast<int64_t>(executors_[i]->active_vus());
    active += vus;
    if (!runs_[i]->scenario.is_open()) looping += vus;
  }
  const auto initialized = static_cast<int64_t>(pool_->size());
  state_.vus_looping.fetch_add(looping - vus_looping_);
  state_.vus_initialized.fetch_add(initialized - vus_initialized_);
  vus_active_ = active;
  vus_looping_ = looping;
  vus_initialized_ = initialized;
}

void Worker::report(bool last) {
  // Once the load is over the last count of VUs stands: the end of a run is no sample of its load.
  if (pool_ && (loading_ || executors_.empty())) count_vus();
  Snapshot snapshot = shard_.take(reported_, loop_.now());
  reported_ = snapshot.to;
  snapshot.worker = index_;
  snapshot.vus_active = vus_active_;
  snapshot.vus_initialized = vus_initialized_;
  snapshot.last = last;
  if (raw_samples_) raw_samples_->flush();
  reports_.on_snapshot(std::move(snapshot));
}

void Worker::hand_over(size_t worker, size_t scenario, uint64_t n, Instant due) {
  Worker& peer = *(*workers_)[worker];
  peer.loop_.post([&peer, scenario, n, due] { peer.executors_[scenario]->take_over(n, due); });
}

void Worker::announce_scheduled(size_t scenario) {
  for (const auto& worker : *workers_) {
    Worker& peer = *worker;
    peer.loop_.post([&peer, scenario] { peer.executors_[scenario]->on_scheduled(); });
  }
}

}  // namespace perigee
