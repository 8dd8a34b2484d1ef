// The models of the scheduler: places them on servers, loads and unloads them, and has those that
// are available served.
#pragma once

#include <deque>
#include <functional>
#include <map>
#include <string>
#include <string_view>

#include "target/inference_repository.h"
#include "target/scheduler/agenda.h"
#include "target/scheduler/gone_names.h"
#include "target/scheduler/load_queue.h"
#include "target/scheduler/scheduled_model.h"
#include "target/scheduler/servers.h"

namespace perigee {

class ScheduledModels {
 public:
  // Hears of each change of the latest version of a model.
  using Changed = std::function<void(const ScheduledModel& model)>;

  ScheduledModels(const SchedulerOptions& options, Agenda& agenda, Servers& servers,
                  InferenceRepository& repository, Changed changed);

  // Throw SchedulerRefusal for what can't be.
  void load(const ModelRequest& request, Instant now);
  void unload(std::string_view name, Instant now);
  const ScheduledModel& get(std::string_view name) const;

  bool available(std::string_view name) const;
  // Those that are gone included, as long as they are remembered.
  const std::map<std::string, ScheduledModel, std::less<>>& all() const { return models_; }

 private:
  ScheduledModel& enter(const ModelRequest& request);
  void add_version(ScheduledModel& model, const ModelRequest& request, Instant now);
  void change(ScheduledModel& model, const ModelRequest& request, Instant now);

  void place(ScheduledModel& model, Instant now);
  void refuse(ScheduledModel& model, const std::string& reason, Instant now);
  void place_waiting(Instant now);
  void begin_loading(ScheduledModel& model, Instant now);
  bool load_begins(const std::string& name, uint64_t step, Instant at);
  void load_ends(const std::string& name, uint64_t step, Instant at);
  void fail(ScheduledModel& model, const std::string& failure, Instant at);
  void serve(ScheduledModel& model, const ModelType& type, Instant at);

  void terminate(ScheduledModel& model, ModelVersion& version, Instant now);
  void terminated(const std::string& name, uint64_t step, Instant at);
  void forget_old(const ScheduledModel& model);
  void release(ModelVersion& version);

  void set_state(ScheduledModel& model, ModelVersion& version, ModelState state,
                 const std::string& reason, Instant at);
  ScheduledModel* find_step(const std::string& name, uint64_t step, ModelVersion*& version);

  const SchedulerOptions options_;
  Agenda& agenda_;
  Servers& servers_;
  InferenceRepository& repository_;
  const Changed changed_;
  std::map<std::string, ScheduledModel, std::less<>> models_;
  std::deque<std::string> unplaced_;  // names of models that found no room, in their order
  LoadQueue loads_;
  GoneNames gone_;
  uint64_t steps_ = 0;
};

}  // namespace perigee
