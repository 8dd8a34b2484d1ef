// The models that exist on the target: which are loaded, which are still loading.
#pragma once

#include <atomic>
#include <cstdint>
#include <map>
#include <memory>
#include <shared_mutex>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/clock.h"
#include "target/models.h"
#include "target/traffic_split.h"

namespace perigee {

// A model's name as requests spell it: "iris_2" is version 2 of iris, "iris" any version of it.
struct ModelName {
  std::string base;
  std::string version;  // empty: any
};
ModelName parse_model_name(std::string_view name);

// Shared by all workers. Time is passed in: a model that takes a while to load is ready at an
// instant known beforehand, so nothing needs to happen then.
class InferenceRepository {
 public:
  enum class State { kReady, kLoading, kUnloaded };

  struct Entry {
    std::string name;
    std::string version;
    const ModelType* type;
    State state;
    // Keeps the type, if it is that of a pipeline or of a model with a state.
    std::shared_ptr<const ModelType> pipeline;
  };

  struct Loading {
    Instant ready_at{};
    std::string error;  // why the model can't be loaded; empty if it can
  };

  explicit InferenceRepository(Duration load_time) : load_time_(load_time) {}

  // Makes a model that is ready at once, as those are which the server starts with.
  void add(const ModelType& type);
  // The same under any name and version, in place of what had the name.
  void serve(const std::string& name, const ModelType& type, std::string version);

  // Loads a model of the type called `type_name` or, if that is empty, of the type whose name
  // begins `name`. One that is loaded already stays ready while it is loaded again.
  Loading load(std::string_view name, std::string_view type_name, Instant now);

  // False if there was no such model.
  bool unload(std::string_view name);

  // Finds a model; false if there is none. `version` empty means that the name says which.
  bool find(std::string_view name, std::string_view version, Instant now, Entry& found) const;

  // The same of models only, whatever has been routed elsewhere.
  bool find_model(std::string_view name, Entry& found) const;

  // Serves a pipeline as "NAME.pipeline", in place of what was served so, until `end_pipeline`.
  void serve_pipeline(const std::string& name, std::shared_ptr<const ModelType> type,
                      std::string version);
  void end_pipeline(const std::string& name);
  // Shares requests for the name, which may be a model's, out to the parts; null: not any more.
  void split(const std::string& name, std::shared_ptr<const TrafficSplit> split);

  // Every model that is loaded, and the model types that are not loaded under their own name (as a
  // server lists what lies in its folder), in the order of their names.
  std::vector<Entry> list(Instant now) const;

  // Names of models, and of pipelines as "NAME.pipeline".
  std::vector<std::string> served() const;
  // Grows when a name comes to be served, so that whoever follows them need not look in vain.
  uint64_t revision() const { return revision_.load(std::memory_order_acquire); }

  bool all_ready(Instant now) const;

 private:
  struct Model {
    const ModelType* type;
    std::string version;
    Instant ready_at{};
    std::shared_ptr<const ModelType> own = nullptr;  // the same with a state, for types that begin

    const ModelType* served() const { return own != nullptr ? own.get() : type; }
  };

  // What requests for a name get instead of the model of that name.
  struct Route {
    std::shared_ptr<const TrafficSplit> split;
    std::shared_ptr<const ModelType> pipeline;
    std::string version;  // of the pipeline
  };

  bool find_model(std::string_view name, std::string_view version, Instant now, Entry& found) const;
  bool follow(const std::string& name, const Route& route, std::string_view version, Instant now,
              Entry& found) const;
  void drop_if_empty(const std::string& name);
  void grow_revision() { revision_.fetch_add(1, std::memory_order_release); }

  static State state(const Model& model, Instant now) {
    return model.ready_at <= now ? State::kReady : State::kLoading;
  }

  const Duration load_time_;
  std::atomic<uint64_t> revision_{0};
  mutable std::shared_mutex mutex_;
  std::map<std::string, Model, std::less<>> models_;
  std::map<std::string, Route, std::less<>> routes_;  // empty but for pipelines and experiments
};

}  // namespace perigee
