#include "tests/support/script_fixture.h"

#include <algorithm>
#include <utility>

#include "cli/modules.h"

namespace perigee {
namespace {

// Runs as many turns of the loop as it takes until something has happened.
template <typename Happened>
void run_until(LoopFixture& fixture, Happened happened) {
  while (!happened())
    fixture.run();
}

}  // namespace

ScriptFixture::ScriptFixture(const std::string& source, const Options& options)
    : log_(LogLevel::kDebug, [this](std::string_view line) { lines_.emplace_back(line); }),
      watchdog_(options.no_yield_limit),
      script_{.path = "script.lua",
              .source = source,
              .folder = options.folder,
              .env = options.env,
              .jit = options.jit},
      modules_(make_modules()) {
  options_.http = options.http;
  options_.net.tls = options.tls;
  builtins_ = declare_builtins(registry_);
  for (const auto& module : modules_)
    module->declare(registry_);
  describe();
  scenario_.name = "default";
  scenario_.executor = "per-vu-iterations";
  scenario_.config = PerVuIterations{.vus = 1, .iterations = 1};
  shard_.emplace(registry_);
  worker_.emplace(WorkerContext{0, 1, loop_.loop, *shard_, registry_, builtins_, options_, TagSet(),
                                log_, state_, control_});
  worker_->load_clock = RunClock(loop_.loop.now());
  host_.emplace(script_, modules_, *worker_, watchdog_, /*declaring=*/nullptr);
  const TagSet tags{{"scenario", "default"}, {"group", ""}};
  run_.emplace(ScenarioRun{scenario_, 0, tags, shard_->tags().intern(tags), loop_.loop.now()});
}

ScriptFixture::~ScriptFixture() {
  vus_.clear();
}

void ScriptFixture::describe() {
  Loop loop;
  MetricShard shard(registry_);
  WorkerContext worker{0,        1,        loop, shard,  registry_, builtins_,
                       options_, TagSet(), log_, state_, control_};
  ScriptHost host(script_, modules_, worker, watchdog_, &registry_);
  description_ = host.describe();
  script_.opened = description_.opened;
  script_.required = description_.required;
}

LuaVu& ScriptFixture::vu(uint64_t id) {
  auto& vu = vus_[id];
  if (!vu) vu = host_->make_user(id);
  return static_cast<LuaVu&>(*vu);
}

void ScriptFixture::start(uint64_t id) {
  listener_.result.reset();
  vu(id).start_iteration({&*run_, started_++}, listener_);
}

IterationResult ScriptFixture::finish() {
  run_until(loop_, [this] { return listener_.result.has_value(); });
  return *listener_.result;
}

IterationResult ScriptFixture::iterate(uint64_t id) {
  start(id);
  return finish();
}

LifecycleResult ScriptFixture::set_up() {
  std::optional<LifecycleResult> setup;
  host_->run_setup([&](LifecycleResult result) {
    setup = std::move(result);
    loop_.loop.post([this] { loop_.loop.stop(); });
  });
  run_until(loop_, [&] { return setup.has_value(); });
  host_->set_data(setup->data);
  return *setup;
}

bool ScriptFixture::told(const std::string& text) const {
  return std::any_of(lines_.begin(), lines_.end(),
                     [&](const std::string& line) { return line.find(text) != std::string::npos; });
}

void ScriptFixture::collect() {
  Snapshot snapshot = shard_->take(loop_.loop.now(), loop_.loop.now());
  std::move(snapshot.series.begin(), snapshot.series.end(), std::back_inserter(measured_));
}

double ScriptFixture::sum(const std::string& metric, const TagSet& where) {
  collect();
  double sum = 0;
  for (const SeriesDelta& series : measured_) {
    const Sink& sink = series.sink;
    if (registry_.at(series.metric).name != metric || !series.tags->contains(where)) continue;
    if (sink.kind() == MetricKind::kCounter) sum += sink.counter().sum;
    if (sink.kind() == MetricKind::kRate) sum += static_cast<double>(sink.rate().nonzero);
    if (sink.kind() == MetricKind::kTrend) sum += sink.trend().sum();
    if (sink.kind() == MetricKind::kGauge) sum += sink.gauge().value;
  }
  return sum;
}

uint64_t ScriptFixture::samples(const std::string& metric, const TagSet& where) {
  collect();
  uint64_t samples = 0;
  for (const SeriesDelta& series : measured_) {
    if (registry_.at(series.metric).name != metric || !series.tags->contains(where)) continue;
    samples += series.sink.samples();
  }
  return samples;
}

}  // namespace perigee
