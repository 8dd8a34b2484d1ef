#include "target/scheduler/scheduler_state.h"

namespace perigee {

SchedulerState::SchedulerState(const SchedulerOptions& options, InferenceRepository& repository,
                               SchedulerObserver& observer)
    : observer_(observer),
      servers_(options),
      models_(options, agenda_, servers_, repository,
              [this](const ScheduledModel& model) { model_changed(model); }),
      pipelines_(options.pipeline_time, agenda_, models_, repository,
                 [this](const ScheduledPipeline& pipeline) { pipeline_changed(pipeline); }),
      experiments_(models_, pipelines_, repository, [this](const ScheduledExperiment& experiment) {
        observer_.on_experiment(experiment);
      }) {}

void SchedulerState::load_model(const ModelRequest& request, Instant now) {
  advance(now);
  models_.load(request, now);
  advance(now);
}

void SchedulerState::unload_model(std::string_view name, Instant now) {
  advance(now);
  models_.unload(name, now);
  advance(now);
}

void SchedulerState::load_pipeline(const PipelineRequest& request, Instant now) {
  advance(now);
  pipelines_.load(request, now);
  advance(now);
}

void SchedulerState::unload_pipeline(std::string_view name, Instant now) {
  advance(now);
  pipelines_.unload(name, now);
  advance(now);
}

void SchedulerState::start_experiment(const ExperimentRequest& request) {
  experiments_.start(request);
}

void SchedulerState::stop_experiment(std::string_view name) {
  experiments_.stop(name);
}

void SchedulerState::expect_replicas(std::string_view server, uint32_t replicas) {
  if (servers_.expect(server, replicas)) observer_.on_server(servers_, *servers_.find(server));
}

// Who uses the model hears of it after those who look at the model itself.
void SchedulerState::model_changed(const ScheduledModel& model) {
  observer_.on_model(model);
  if (const ModelServer* server = servers_.find(model.latest().server)) {
    observer_.on_server(servers_, *server);
  }
  pipelines_.look_at_model(model.name);
  experiments_.look();
}

void SchedulerState::pipeline_changed(const ScheduledPipeline& pipeline) {
  observer_.on_pipeline(pipeline);
  experiments_.look();
}

}  // namespace perigee
