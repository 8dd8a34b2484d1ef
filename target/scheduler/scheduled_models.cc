#include "target/scheduler/scheduled_models.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "target/scheduler/model_artifact.h"
#include "target/scheduler/resource_name.h"
#include "target/scheduler/scheduler_refusal.h"

namespace perigee {
namespace {

constexpr size_t kMostModels = 100'000;
constexpr size_t kMostGone = 1000;
// Of a model, those that are gone included.
constexpr size_t kMostVersions = 16;

bool same_deployment(const ModelRequest& a, const ModelRequest& b) {
  return a.replicas == b.replicas && a.min_replicas == b.min_replicas;
}

Servers::Placement held_by(const ModelVersion& version) {
  if (!version.placed()) return {};
  return {.server = version.server,
          .replicas = version.replicas,
          .memory = version.reserved,
          .refusal = {}};
}

}  // namespace

ScheduledModels::ScheduledModels(const SchedulerOptions& options, Agenda& agenda, Servers& servers,
                                 InferenceRepository& repository, Changed changed)
    : options_(options),
      agenda_(agenda),
      servers_(servers),
      repository_(repository),
      changed_(std::move(changed)),
      loads_(options.loads_at_once),
      gone_(kMostGone) {}

void ScheduledModels::load(const ModelRequest& request, Instant now) {
  check_resource_name("model", request.name);
  ScheduledModel& model = enter(request);
  const bool same =
      !model.versions.empty() && model.latest().request.specification == request.specification;
  if (same) return change(model, request, now);
  add_version(model, request, now);
  place(model, now);
}

// The version that is available serves until the new one is; the others are given up.
void ScheduledModels::add_version(ScheduledModel& model, const ModelRequest& request, Instant now) {
  // Numbers of a model that comes from Kubernetes begin with the resource's generation, so that
  // they go on growing when the model has been gone.
  const auto first = static_cast<uint32_t>(std::max<int64_t>(1, request.generation));
  const uint32_t number = model.versions.empty() ? first : model.latest().number + 1;
  model.versions.emplace_back();
  model.latest().number = number;
  model.latest().request = request;
  for (ModelVersion& older : model.versions) {
    const bool kept = &older == &model.latest() || older.available > 0 || older.ending();
    if (!kept) terminate(model, older, now);
  }
  if (model.versions.size() > kMostVersions && model.versions.front().gone()) {
    model.versions.pop_front();
  }
}

// The model of the name, as it was or new.
ScheduledModel& ScheduledModels::enter(const ModelRequest& request) {
  const auto found = models_.find(request.name);
  const bool gone = found != models_.end() && found->second.deleted;
  if (gone && !found->second.latest().gone()) {
    throw SchedulerRefusal(
        fmt::format("model {} is being unloaded; it can be loaded again when it is gone "
                    "(ModelTerminated)",
                    request.name));
  }
  if (found == models_.end() && models_.size() >= kMostModels) {
    throw SchedulerRefusal(
        fmt::format("there are {} models, which is as many as there may be", kMostModels));
  }
  gone_.remove(request.name);
  ScheduledModel& model = models_[request.name];
  if (gone) model = ScheduledModel{};
  model.name = request.name;
  return model;
}

// The same specification again: the same version, perhaps with other replicas.
void ScheduledModels::change(ScheduledModel& model, const ModelRequest& request, Instant now) {
  ModelVersion& version = model.latest();
  const bool rescales = !same_deployment(version.request, request);
  version.request = request;
  if (rescales || version.state == ModelState::kFailed) place(model, now);
}

void ScheduledModels::unload(std::string_view name, Instant now) {
  const auto found = models_.find(name);
  if (found == models_.end()) {
    throw SchedulerRefusal(fmt::format("there is no model \"{}\" to unload", name));
  }
  ScheduledModel& model = found->second;
  if (std::exchange(model.deleted, true)) return;
  repository_.unload(model.name);
  for (ModelVersion& version : model.versions) {
    if (!version.ending()) terminate(model, version, now);
  }
}

const ScheduledModel& ScheduledModels::get(std::string_view name) const {
  const auto found = models_.find(name);
  if (found != models_.end()) return found->second;
  throw SchedulerRefusal(fmt::format("there is no model \"{}\"", name));
}

bool ScheduledModels::available(std::string_view name) const {
  const auto found = models_.find(name);
  return found != models_.end() && found->second.available();
}

void ScheduledModels::place(ScheduledModel& model, Instant now) {
  ModelVersion& version = model.latest();
  const Servers::Placement placement = servers_.place(version.request, held_by(version));
  if (!placement.refusal.empty()) return refuse(model, placement.refusal, now);
  version.server = placement.server;
  version.replicas = placement.replicas;
  version.reserved = placement.memory;
  version.available = std::min(version.available, version.replicas);
  if (version.available < version.replicas) return begin_loading(model, now);
  version.step = ++steps_;
  set_state(model, version, ModelState::kAvailable, {}, now);
  place_waiting(now);
}

// What it has already stays.
void ScheduledModels::refuse(ScheduledModel& model, const std::string& reason, Instant now) {
  ModelVersion& version = model.latest();
  if (std::find(unplaced_.begin(), unplaced_.end(), model.name) == unplaced_.end()) {
    unplaced_.push_back(model.name);
  }
  const bool again = version.state == ModelState::kScheduleFailed;
  if (!again) version.step = ++steps_;
  if (!again || version.reason != reason) {
    set_state(model, version, ModelState::kScheduleFailed, reason, now);
  }
}

// Room has been made: whoever found none before tries again, in the order in which they came.
void ScheduledModels::place_waiting(Instant now) {
  std::deque<std::string> names;
  names.swap(unplaced_);
  for (const std::string& name : names) {
    const auto found = models_.find(name);
    if (found == models_.end() || found->second.deleted) continue;
    if (found->second.latest().state == ModelState::kScheduleFailed) place(found->second, now);
  }
}

void ScheduledModels::begin_loading(ScheduledModel& model, Instant now) {
  ModelVersion& version = model.latest();
  version.step = ++steps_;
  version.others = ReplicaState::kLoadRequested;
  set_state(model, version, ModelState::kProgressing, {}, now);
  loads_.add([this, name = model.name,
              step = version.step](Instant at) { return load_begins(name, step, at); },
             now);
}

bool ScheduledModels::load_begins(const std::string& name, uint64_t step, Instant at) {
  ModelVersion* version = nullptr;
  if (find_step(name, step, version) == nullptr) return false;
  version->others = ReplicaState::kLoading;
  agenda_.add(at + options_.load_time,
              [this, name, step](Instant ended) { load_ends(name, step, ended); });
  return true;
}

void ScheduledModels::load_ends(const std::string& name, uint64_t step, Instant at) {
  ModelVersion* version = nullptr;
  if (ScheduledModel* model = find_step(name, step, version)) {
    const ModelArtifact artifact = find_artifact(version->request);
    if (artifact.failure.empty()) {
      serve(*model, *artifact.type, at);
    } else {
      fail(*model, artifact.failure, at);
    }
  }
  loads_.ended(at);
}

void ScheduledModels::fail(ScheduledModel& model, const std::string& failure, Instant at) {
  ModelVersion& version = model.latest();
  release(version);
  version.others = ReplicaState::kLoadFailed;
  set_state(model, version, ModelState::kFailed, failure, at);
  place_waiting(at);
}

void ScheduledModels::serve(ScheduledModel& model, const ModelType& type, Instant at) {
  ModelVersion& version = model.latest();
  version.available = version.replicas;
  repository_.serve(model.name, type, std::to_string(version.number));
  set_state(model, version, ModelState::kAvailable, {}, at);
  for (ModelVersion& older : model.versions) {
    if (&older != &model.latest() && !older.ending()) terminate(model, older, at);
  }
}

void ScheduledModels::terminate(ScheduledModel& model, ModelVersion& version, Instant now) {
  version.step = ++steps_;
  if (!version.placed()) {
    version.others = ReplicaState::kUnloaded;
    set_state(model, version, ModelState::kTerminated, {}, now);
    return forget_old(model);
  }
  version.available = 0;
  version.others = ReplicaState::kUnloading;
  set_state(model, version, ModelState::kTerminating, {}, now);
  agenda_.add(now + options_.unload_time, [this, name = model.name, step = version.step](
                                              Instant at) { terminated(name, step, at); });
}

void ScheduledModels::terminated(const std::string& name, uint64_t step, Instant at) {
  ModelVersion* version = nullptr;
  ScheduledModel* const model = find_step(name, step, version);
  if (model == nullptr) return;
  release(*version);
  version->others = ReplicaState::kUnloaded;
  set_state(*model, *version, ModelState::kTerminated, {}, at);
  forget_old(*model);
  place_waiting(at);
}

void ScheduledModels::forget_old(const ScheduledModel& model) {
  if (!model.deleted || !model.latest().gone()) return;
  if (const auto oldest = gone_.add(model.name)) models_.erase(*oldest);
}

void ScheduledModels::release(ModelVersion& version) {
  servers_.give_back(held_by(version));
  version.available = 0;
  version.reserved = 0;
}

void ScheduledModels::set_state(ScheduledModel& model, ModelVersion& version, ModelState state,
                                const std::string& reason, Instant at) {
  version.state = state;
  version.reason = reason;
  version.changed_at = at;
  if (&version == &model.latest()) changed_(model);
}

// The model and the version that was told to do this step, if it has not been told otherwise since.
ScheduledModel* ScheduledModels::find_step(const std::string& name, uint64_t step,
                                           ModelVersion*& version) {
  const auto found = models_.find(name);
  if (found == models_.end()) return nullptr;
  for (ModelVersion& candidate : found->second.versions) {
    if (candidate.step != step) continue;
    version = &candidate;
    return &found->second;
  }
  return nullptr;
}

}  // namespace perigee
