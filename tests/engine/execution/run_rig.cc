#include "tests/engine/execution/run_rig.h"

#include <utility>

namespace perigee {
namespace {

class CountingOutput final : public SampleOutput {
 public:
  CountingOutput(Rows& rows, const MetricRegistry& registry) : rows_(rows), registry_(registry) {}

  std::string name() const override { return "counting"; }
  void write(const SampleBatch& batch) override {
    for (const RawSample& sample : batch.samples) {
      const std::string& metric = registry_.at(sample.metric).name;
      ++rows_.rows[metric];
      rows_.sums[metric] += sample.value;
    }
  }
  void finish() override { rows_.finished = true; }

 private:
  Rows& rows_;
  const MetricRegistry& registry_;
};

}  // namespace

RunRig::RunRig(std::vector<Scenario> scenarios, uint32_t workers, FakeScript script)
    : script_(std::move(script)),
      log_(LogLevel::kDebug, [this](std::string_view line) { logged_.emplace_back(line); }) {
  plan.options.scenarios = std::move(scenarios);
  plan.builtins = declare_builtins(plan.registry);
  plan.workers = workers;
  plan.make_factory = [this](WorkerContext& context) {
    {
      const std::lock_guard lock(mutex_);
      control_ = &context.control;
    }
    return std::make_unique<FakeUsers>(script_, context.loop.timers(), context.loop.clock());
  };
  script_.tell = [this, tell = script_.tell](const std::string& event) {
    tell(event);
    note(event);
  };
}

RunResult RunRig::execute() {
  run_ = std::make_unique<Run>(plan, ThresholdSet(thresholds, plan.registry), log_,
                               std::move(outputs), observer);
  return run_->execute();
}

void RunRig::note(const std::string& event) {
  const std::lock_guard lock(mutex_);
  events_.push_back(event);
}

std::vector<std::string> RunRig::events() const {
  const std::lock_guard lock(mutex_);
  return events_;
}

RunControl& RunRig::control() {
  const std::lock_guard lock(mutex_);
  return *control_;
}

uint64_t RunRig::count(const std::string& metric) const {
  const Sink* total = run_->aggregator().total(plan.registry.find(metric)->id);
  return total == nullptr ? 0 : static_cast<uint64_t>(total->counter().sum);
}

void RunRig::add_output(Rows& rows) {
  outputs.push_back(std::make_unique<CountingOutput>(rows, plan.registry));
}

}  // namespace perigee
