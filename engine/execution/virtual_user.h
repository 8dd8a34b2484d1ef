// What executors drive. They never learn what an iteration does, or that Lua exists.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "engine/base/clock.h"
#include "engine/execution/scenario.h"
#include "engine/metrics/tags.h"

namespace perigee {

class VirtualUser;

// A scenario as one worker runs it.
struct ScenarioRun {
  const Scenario& scenario;
  size_t index = 0;      // among the run's scenarios
  TagSet tags;           // run-wide tags, the scenario's, `scenario`, and `group` of the root
  TagSetId context = 0;  // the same, interned in the worker's shard
  Instant started{};     // when the scenario's first iteration may start
};

// One iteration to be done.
struct Iteration {
  const ScenarioRun* run = nullptr;
  uint64_t number = 0;  // unique in the scenario over all workers, from 0
};

// How an iteration ended.
enum class IterationResult { kCompleted, kFailed, kInterrupted };

class IterationListener {
 public:
  virtual ~IterationListener() = default;
  // Told once for each started iteration, possibly from within `start_iteration`. The VU's next
  // iteration may be started from within.
  virtual void on_iteration_end(VirtualUser& vu, IterationResult result) = 0;
};

// Runs one iteration at a time. Belongs to a worker.
class VirtualUser {
 public:
  virtual ~VirtualUser() = default;

  // From 1, unique over all workers.
  virtual uint64_t id() const = 0;
  // The tags of the iteration that has just ended, if they are not simply its scenario's.
  virtual std::optional<TagSetId> own_tags() const { return std::nullopt; }
  // Why the iteration that has just ended has failed, for people to read.
  virtual std::string_view failure() const { return {}; }
  // The listener must live until it has been told of the end. Throws a std::exception if the VU
  // can't begin; nobody is told of an end then.
  virtual void start_iteration(const Iteration& iteration, IterationListener& listener) = 0;
  // Cuts the running iteration off: its operations are cancelled and its listener is told before
  // this returns. Nothing if none is running.
  virtual void interrupt() = 0;
};

// Why a script's function did not return.
enum class ScriptFailure {
  kNone,
  kError,    // it raised an error
  kTimeout,  // it took longer than its time limit
  kAborted,  // the run was ended meanwhile
};

// How setup or teardown ended.
struct LifecycleResult {
  ScriptFailure failure = ScriptFailure::kNone;
  std::string error;  // with file and line
  std::string data;   // setup: what it returned, in bytes of the factory's own; empty if nothing
};

// Makes the VUs of one worker and runs the script's setup and teardown there. Used on the worker's
// thread only.
class UserFactory {
 public:
  virtual ~UserFactory() = default;

  // Runs the script's init code for a new VU. Throws ScriptError when that fails.
  virtual std::unique_ptr<VirtualUser> make_user(uint64_t id) = 0;
  // The VUs that were planned have been made: the time to tidy up before the load.
  virtual void settle() {}

  // Calls `done` on a later turn or at once. At most one of them runs at a time.
  using Done = std::function<void(LifecycleResult)>;
  virtual void run_setup(Done done) = 0;
  virtual void run_teardown(const std::string& data, Done done) = 0;
  // Cuts a running setup or teardown off; `done` hears of it as the given failure.
  virtual void interrupt_lifecycle(ScriptFailure failure) = 0;

  // What VUs have handed over and do not wait for goes on to its end; calls `done` when nothing is
  // left, at once or on a later turn. What has not ended by `until` is interrupted.
  virtual void flush(Instant /*until*/, const std::function<void()>& done) { done(); }
  // Interrupts what is being flushed.
  virtual void cut_flush() {}

  // What setup returned, for every VU; before the first iteration.
  virtual void set_data(const std::string& data) = 0;
};

}  // namespace perigee
