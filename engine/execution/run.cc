#include "engine/execution/run.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include <fmt/format.h>

#include "engine/base/cpus.h"
#include "engine/base/duration.h"
#include "engine/base/limits.h"
#include "engine/execution/end_at_once.h"
#include "engine/execution/iteration_errors.h"
#include "engine/execution/scenario_status.h"
#include "engine/loop/signals.h"

namespace perigee {
namespace {

constexpr Duration kTick = std::chrono::seconds(1);
// The load starts this much after it is announced, so that every worker knows of it in time.
constexpr Duration kStartLead = std::chrono::milliseconds(2);
// How long an output may take for one call before a signal ends the run without it, and how often
// that is looked at.
constexpr Duration kOutputPatience = std::chrono::seconds(3);
constexpr Duration kOutputLook = std::chrono::milliseconds(100);

std::unique_ptr<SampleQueue> make_queue(bool wanted, QueueOverflow overflow) {
  if (!wanted) return nullptr;
  return std::make_unique<SampleQueue>(overflow);
}

}  // namespace

Run::Run(const RunPlan& plan, ThresholdSet thresholds, Log& log,
         std::vector<std::unique_ptr<SampleOutput>> outputs, RunObserver* observer,
         SnapshotRecorder* recorder)
    : plan_(plan),
      log_(log),
      observer_(observer),
      recorder_(recorder),
      state_(plan.options.scenarios.size(), plan.workers, plan.options.http.rps),
      queue_(make_queue(!outputs.empty(), plan.output_overflow)),
      // The workers' numbers end below this one.
      main_samples_(
          queue_ ? std::make_unique<SampleBuffer>(plan.workers, *queue_, SampleBuffer::Waits::kNo)
                 : nullptr),
      output_thread_(queue_ ? std::make_unique<OutputThread>(
                                  *queue_, std::move(outputs),
                                  [&log](const std::string& failure) {
                                    log.warning(failure + "; the run goes on without it");
                                  },
                                  [this] { loop_.post([this] { outputs_ended_ = true; }); })
                            : nullptr),
      aggregator_(plan.registry, std::move(thresholds), run_tags(plan.options),
                  main_samples_.get()),
      tick_timer_(loop_.timers(), [this] { on_tick(); }),
      observer_timer_(loop_.timers(), [this] { tell_observer(); }),
      output_timer_(loop_.timers(), [this] { watch_outputs(); }),
      live_(plan.options.scenarios, workers_),
      output_watch_(kOutputPatience) {
  RunControl& control = *this;
  WorkerReports& reports = *this;
  for (size_t i = 0; i < plan.options.scenarios.size(); ++i)
    state_.progress[i].is_open = plan.options.scenarios[i].is_open();
  for (uint32_t i = 0; i < plan.workers; ++i) {
    workers_.push_back(
        std::make_unique<Worker>(i, plan, state_, control, log, queue_.get(), reports));
  }
  for (auto& worker : workers_)
    worker->meet(&workers_);
}

Run::~Run() = default;

RunResult Run::execute() {
  const Signals signals(loop_, [this](int signal) { on_signal(signal); });
  started_ = loop_.now();
  if (recorder_ != nullptr) recorder_->begin(TimeOrigin::now());
  tell_observer();
  if (prepare() && setup()) {
    load();
    teardown();
  }
  finish();
  return result_;
}

template <typename Condition>
void Run::wait_until(Condition condition) {
  while (!condition())
    loop_.run_once();
}

bool Run::prepare() {
  for (auto& worker : workers_)
    worker->prepare();
  wait_until([this] { return ready_ == workers_.size(); });
  return result_.end == RunEnd::kComplete;
}

void Run::on_ready(uint32_t /*worker*/, const std::string& error) {
  loop_.post([this, error] {
    ++ready_;
    if (!error.empty()) end(RunEnd::kInitFailed, error);
  });
}

bool Run::setup() {
  if (!plan_.has_setup || plan_.options.no_setup) return true;
  phase_ = RunPhase::kSetup;
  workers_.front()->run_setup();
  const LifecycleResult setup = wait_for_lifecycle(plan_.options.setup_timeout);
  if (setup.failure == ScriptFailure::kTimeout) {
    end(RunEnd::kSetupTimeout, fmt::format("setup() took longer than {} (option setupTimeout)",
                                           format_duration(plan_.options.setup_timeout)));
  } else if (setup.failure == ScriptFailure::kError) {
    end(RunEnd::kSetupFailed, setup.error);
  }
  if (result_.end != RunEnd::kComplete) return false;
  result_.setup_data = setup.data;
  for (auto& worker : workers_)
    worker->set_data(setup.data);
  return true;
}

LifecycleResult Run::wait_for_lifecycle(Duration limit) {
  lifecycle_.reset();
  Timer timeout(loop_.timers(),
                [this] { workers_.front()->interrupt_lifecycle(ScriptFailure::kTimeout); });
  timeout.start(loop_.now() + limit);
  wait_until([this] { return lifecycle_.has_value(); });
  return *lifecycle_;
}

void Run::on_lifecycle(LifecycleResult result) {
  loop_.post([this, result = std::move(result)] { lifecycle_ = result; });
}

void Run::on_failure(const std::string& error) {
  loop_.post([this, error] { end(RunEnd::kInitFailed, error); });
}

void Run::load() {
  phase_ = RunPhase::kLoad;
  throttling_before_ = cpu_throttling();
  const Instant start = loop_.now() + kStartLead;
  live_.start(start);
  tick_timer_.start(start + kTick);
  wait_until([this] { return load_done_ == workers_.size(); });
  throttling_ = cpu_throttling().since(throttling_before_);
  tick_timer_.stop();
  aggregator_.tick(loop_.now());
  record_moment();
  tell_observer();
}

void Run::on_load_done(uint32_t /*worker*/, Instant at) {
  loop_.post([this, at] {
    ++load_done_;
    load_ended_ = std::max(load_ended_, at);
  });
}

void Run::on_snapshot(Snapshot snapshot) {
  // A std::function must be copyable; the snapshot need not be.
  loop_.post([this, owned = std::make_shared<Snapshot>(std::move(snapshot))] {
    if (owned->last) ++finished_;
    if (recorder_ != nullptr) recorder_->add(*owned);
    aggregator_.add(std::move(*owned));
  });
}

void Run::teardown() {
  if (!plan_.has_teardown || plan_.options.no_teardown) return;
  phase_ = RunPhase::kTeardown;
  workers_.front()->run_teardown(result_.setup_data);
  const LifecycleResult teardown = wait_for_lifecycle(plan_.options.teardown_timeout);
  if (teardown.failure == ScriptFailure::kTimeout) {
    end(RunEnd::kTeardownTimeout,
        fmt::format("teardown() took longer than {} (option teardownTimeout)",
                    format_duration(plan_.options.teardown_timeout)));
  } else if (teardown.failure == ScriptFailure::kError) {
    end(RunEnd::kTeardownFailed, teardown.error);
  }
}

void Run::finish() {
  phase_ = RunPhase::kFinished;
  observer_timer_.stop();
  for (auto& worker : workers_)
    worker->finish();
  wait_until([this] { return finished_ == workers_.size(); });
  if (recorder_ != nullptr) judge_for_good();
  record_moment();
  result_.total = loop_.now() - started_;
  result_.load_seconds = load_seconds();
  for (auto& worker : workers_)
    result_.leaves_something |= worker->leaves_something();
  workers_.clear();
  if (main_samples_) main_samples_->flush();
  if (queue_ && !told_overflow_) tell_overflow();
  if (output_thread_) finish_outputs();
  log_.flush();
  warn();
  tell_observer();
}

// Errors are in the log as well: the summary may be the script's own, or nobody's.
void Run::warn() {
  for (const std::string& error :
       describe_iteration_errors(plan_.options.scenarios, state_.progress)) {
    log_.warning(error);
    result_.warnings.push_back(log_.redacted(error));
  }
  if (state_.refusals_reported) {
    result_.warnings.push_back(fmt::format(
        "After {} requests in a row that reached no server, further ones waited before they "
        "failed, 10 ms at first and {} s at most: this was no load.",
        limits::kRefusals, limits::kRefusedPause.count()));
  }
  std::vector<std::string> diagnosis = diagnose(aggregator_, plan_.options, circumstances());
  std::move(diagnosis.begin(), diagnosis.end(), std::back_inserter(result_.warnings));
}

// In the loop, so that a signal is heard.
void Run::finish_outputs() {
  queue_->close();
  wait_until([this] { return outputs_ended_ || outputs_given_up_; });
  result_.output_errors = outputs_ended_ ? output_thread_->finish() : output_thread_->give_up();
  result_.leaves_something |= !outputs_ended_;
  result_.output_wait = queue_->waited();
  result_.samples_dropped = queue_->dropped();
}

// After a signal: workers may wait for an output that will never take anything again.
void Run::watch_outputs() {
  if (!output_watch_.stalled(output_thread_->calls_returned(), output_thread_->in_call(),
                             loop_.now())) {
    return output_timer_.start(loop_.now() + kOutputLook);
  }
  log_.error(fmt::format("the raw outputs have taken nothing for {}; the run ends without them",
                         format_duration(kOutputPatience)));
  outputs_given_up_ = true;
  queue_->stop_waiting();
}

RunCircumstances Run::circumstances() const {
  return {.workers = plan_.workers, .cpus = usable_cpus(), .throttling = throttling_};
}

void Run::end(RunEnd reason, const std::string& error) {
  if (result_.end != RunEnd::kComplete) {
    // Every worker has VUs that can't be made for the same reason.
    if (!error.empty() && reason != result_.end) log_.error(error);
    return;
  }
  result_.end = reason;
  result_.error = error;
  const bool aborts_teardown = phase_ == RunPhase::kTeardown && reason == RunEnd::kScriptAbort;
  if (phase_ == RunPhase::kSetup || aborts_teardown) {
    workers_.front()->interrupt_lifecycle(ScriptFailure::kAborted);
  } else if (phase_ == RunPhase::kLoad) {
    cut_short_ = true;
    for (auto& worker : workers_)
      worker->abort_load();
  }
}

void Run::on_signal(int /*signal*/) {
  if (std::exchange(signalled_, true)) end_at_once(log_);
  log_.info(
      "stopping at a signal; teardown and outputs are finished first, a second signal ends at "
      "once");
  if (output_thread_) watch_outputs();
  end(RunEnd::kSignal, "");
}

void Run::change(const std::string& scenario, const ScenarioChange& change) {
  const size_t index = find_changeable(plan_.options.scenarios, scenario, change);
  loop_.post([this, index, change] {
    if (phase_ <= RunPhase::kLoad) live_.change(index, change, loop_.now());
  });
}

void Run::pause() {
  loop_.post([this] {
    if (phase_ <= RunPhase::kLoad) live_.pause(loop_.now());
  });
}

void Run::resume() {
  loop_.post([this] {
    if (phase_ <= RunPhase::kLoad) live_.resume(loop_.now());
  });
}

void Run::abort_from_script(const std::string& message) {
  loop_.post([this, message] { end(RunEnd::kScriptAbort, message); });
}

void Run::fail_from_script(const std::string& message) {
  log_.limited(LogLevel::kError, "test.fail",
               fmt::format("the script marked the run as failed: {}", message));
  loop_.post([this] { result_.marked_failed = true; });
}

void Run::on_tick() {
  aggregator_.tick(loop_.now());
  record_moment();
  judge_thresholds();
  if (main_samples_) main_samples_->flush();
  if (queue_ && !told_overflow_) tell_overflow();
  tick_timer_.start(tick_timer_.due() + kTick);
}

void Run::record_moment() {
  if (recorder_ == nullptr) return;
  recorder_->tick(
      {.at = loop_.now(),
       .load = std::chrono::round<Duration>(std::chrono::duration<double>(load_seconds())),
       .loading = phase_ == RunPhase::kLoad,
       .vus_active = aggregator_.vus_active(),
       .vus_initialized = aggregator_.vus_initialized()});
}

// Once, as soon as it is seen; the summary has the figures.
void Run::tell_overflow() {
  const bool waits = queue_->waited() > Duration::zero();
  told_overflow_ = waits || queue_->dropped() > 0;
  if (!told_overflow_) return;
  log_.warning(waits ? "the raw outputs are slower than the load, which waits for them"
                     : "the raw outputs are slower than the load, samples are left out of them");
}

void Run::judge_thresholds() {
  const ThresholdReport report = aggregator_.evaluate_thresholds(
      load_seconds(), live_.clock().elapsed(loop_.now()), /*final=*/false);
  if (recorder_ != nullptr) recorder_->judge(report);
  if (!report.abort || result_.end != RunEnd::kComplete) return;
  for (const ThresholdVerdict& verdict : report.verdicts) {
    if (verdict.ok || !verdict.threshold.abort_on_fail) continue;
    log_.error(fmt::format("threshold {} of {} has failed; the run is aborted",
                           verdict.threshold.source, verdict.selector));
  }
  end(RunEnd::kThresholdAbort, "");
}

void Run::judge_for_good() {
  recorder_->judge(
      aggregator_.evaluate_thresholds(load_seconds(), Duration::max(), /*final=*/true));
}

// From the first scenario's start until the last iteration has ended.
double Run::load_seconds() const {
  if (!live_.begun() || plan_.options.scenarios.empty()) return 0;
  Duration first = Duration::max();
  for (const Scenario& scenario : plan_.options.scenarios) {
    first = std::min(first, scenario.start_time);
  }
  const Instant until = load_ended_ == Instant{} ? loop_.now() : load_ended_;
  return std::max(0.0, to_seconds(live_.clock().elapsed(until) - first));
}

void Run::tell_observer() {
  if (observer_ == nullptr) return;
  observer_->on_status(status());
  if (phase_ != RunPhase::kFinished) observer_timer_.start(loop_.now() + observer_->interval());
}

// What ends the run after the load has cut nothing of it short.
LoadState Run::load_state() const {
  if (load_ended_ == Instant{}) return LoadState::kGoesOn;
  return cut_short_ ? LoadState::kCutShort : LoadState::kComplete;
}

RunStatus Run::status() const {
  RunStatus status;
  status.phase = phase_;
  status.paused = live_.paused();
  const bool loading = live_.begun();
  const Instant now = load_ended_ == Instant{} ? loop_.now() : load_ended_;
  // The load's start lies a little ahead when it is announced.
  status.elapsed =
      std::max(Duration{}, loading ? live_.clock().elapsed(now) : loop_.now() - started_);
  // The last count of the load stands for its metric, but nobody is at work any more.
  const bool over = phase_ > RunPhase::kLoad;
  status.vus_active = over ? 0 : state_.vus_active();
  status.vus_initialized = state_.vus_initialized;
  status.completed = state_.iterations_completed();
  status.interrupted = state_.iterations_interrupted();
  for (size_t i = 0; loading && i < plan_.options.scenarios.size(); ++i) {
    status.scenarios.push_back(scenario_status(plan_.options.scenarios[i], live_.change_of(i),
                                               state_.progress[i], status.elapsed, load_state()));
  }
  return status;
}

}  // namespace perigee
