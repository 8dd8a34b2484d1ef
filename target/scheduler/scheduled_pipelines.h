// The pipelines of the scheduler: makes them and takes them apart, and has those that are ready
// served.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <string_view>

#include "target/inference_repository.h"
#include "target/scheduler/agenda.h"
#include "target/scheduler/gone_names.h"
#include "target/scheduler/scheduled_models.h"
#include "target/scheduler/scheduled_pipeline.h"

namespace perigee {

class ScheduledPipelines {
 public:
  // Hears of each change of the latest version of a pipeline.
  using Changed = std::function<void(const ScheduledPipeline& pipeline)>;

  ScheduledPipelines(Duration time, Agenda& agenda, const ScheduledModels& models,
                     InferenceRepository& repository, Changed changed);

  // Throw SchedulerRefusal for what can't be.
  void load(const PipelineRequest& request, Instant now);
  void unload(std::string_view name, Instant now);
  const ScheduledPipeline& get(std::string_view name) const;

  bool ready(std::string_view name) const;
  // Those that are gone included, as long as they are remembered.
  const std::map<std::string, ScheduledPipeline, std::less<>>& all() const { return pipelines_; }
  // The model may have become available, or not be any more.
  void look_at_model(std::string_view name);

 private:
  ScheduledPipeline& enter(const PipelineRequest& request);
  void create(ScheduledPipeline& pipeline, const PipelineRequest& request, Instant now);
  void created(const std::string& name, uint64_t step, Instant at);
  void terminate(ScheduledPipeline& pipeline, PipelineVersion& version, Instant now);
  void terminated(const std::string& name, uint64_t step, Instant at);
  bool models_ready(const PipelineRequest& request) const;
  void set_state(ScheduledPipeline& pipeline, PipelineVersion& version, PipelineState state,
                 const std::string& reason, Instant at);
  ScheduledPipeline* find_step(const std::string& name, uint64_t step, PipelineVersion*& version);

  const Duration time_;
  Agenda& agenda_;
  const ScheduledModels& models_;
  InferenceRepository& repository_;
  const Changed changed_;
  std::map<std::string, ScheduledPipeline, std::less<>> pipelines_;
  GoneNames gone_;
  uint64_t steps_ = 0;
};

}  // namespace perigee
