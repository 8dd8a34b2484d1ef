// A script in a host of its own, as one worker of a run has it, that a test runs VU by VU.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "scripting/script_description.h"
#include "scripting/script_host.h"
#include "tests/support/loop_fixture.h"

namespace perigee {

class ScriptFixture {
 public:
  struct Options {
    Duration no_yield_limit{};  // zero: no watchdog
    bool jit = true;
    std::map<std::string, std::string> env{};  // __ENV
    std::string folder{};                      // where `require` and `open` look
    http::HttpOptions http{};
    TlsOptions tls{};
  };

  // `source` is called script.lua. Its init code runs once, to declare its metrics. Throws
  // ScriptError or ConfigError.
  ScriptFixture(const std::string& source, const Options& options);
  explicit ScriptFixture(const std::string& source) : ScriptFixture(source, Options()) {}
  ~ScriptFixture();

  // What the script declared.
  const ScriptDescription& description() const { return description_; }

  // The VU of this number, made when it is first asked for.
  LuaVu& vu(uint64_t id = 1);
  // Starts an iteration of the script's default function; its end is waited for by `finish`.
  void start(uint64_t id = 1);
  IterationResult finish();
  // One iteration from start to end.
  IterationResult iterate(uint64_t id = 1);
  // Runs setup() and gives its result to the VUs that have not run yet.
  LifecycleResult set_up();

  // What print has been given and what the log was told, as lines.
  const std::vector<std::string>& lines() const { return lines_; }
  bool told(const std::string& text) const;
  // The message of abort(), if it was called.
  const std::optional<std::string>& aborted() const { return control_.message; }
  // The message of test.fail(), if it was called.
  const std::optional<std::string>& marked_failed() const { return control_.failure; }

  // What was measured so far: the sum of a counter or trend, or the number of values of a rate that
  // are not zero, over the series whose tags hold `where`.
  double sum(const std::string& metric, const TagSet& where = {});
  // The number of samples.
  uint64_t samples(const std::string& metric, const TagSet& where = {});

  ScriptHost& host() { return *host_; }
  Loop& loop() { return loop_.loop; }

 private:
  struct Control final : RunControl {
    void abort_from_script(const std::string& text) override { message = text; }
    void fail_from_script(const std::string& text) override { failure = text; }
    std::optional<std::string> message;
    std::optional<std::string> failure;
  };
  struct Listener final : IterationListener {
    explicit Listener(Loop& owner) : loop(owner) {}
    void on_iteration_end(VirtualUser&, IterationResult end) override {
      result = end;
      // Not at once: it may have ended before the loop runs.
      loop.post([this] { loop.stop(); });
    }
    Loop& loop;
    std::optional<IterationResult> result;
  };

  void describe();
  void collect();

  LoopFixture loop_;
  std::vector<std::string> lines_;
  Log log_;
  Watchdog watchdog_;
  Script script_;
  Modules modules_;
  MetricRegistry registry_;
  BuiltinMetrics builtins_{};
  perigee::Options options_;
  RunState state_{1, 1};
  Control control_;
  ScriptDescription description_;
  Scenario scenario_;
  std::optional<MetricShard> shard_;
  std::optional<WorkerContext> worker_;
  std::optional<ScriptHost> host_;
  std::optional<ScenarioRun> run_;
  std::map<uint64_t, std::unique_ptr<VirtualUser>> vus_;
  Listener listener_{loop_.loop};
  uint64_t started_ = 0;
  std::vector<SeriesDelta> measured_;
};

}  // namespace perigee
