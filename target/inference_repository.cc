#include "target/inference_repository.h"

#include <algorithm>
#include <mutex>

#include <fmt/format.h>

namespace perigee {
namespace {

constexpr size_t kMostModels = 100'000;
constexpr std::string_view kFirstVersion = "1";
// What routes to pipelines end in.
constexpr std::string_view kPipeline = ".pipeline";
// What a scheduler's proxy calls whichever version there is.
constexpr std::string_view kAnyVersion = "0";

bool is_digits(std::string_view text) {
  return !text.empty() && text.find_first_not_of("0123456789") == std::string_view::npos;
}

bool names_version(std::string_view wanted, std::string_view version) {
  return wanted.empty() || wanted == kAnyVersion || wanted == version;
}

std::string unknown_prefix(std::string_view name) {
  return fmt::format(
      "Model {} not found: the name begins with no model type, and \"parameters\" has no "
      "\"model_type\"; the types are {}",
      name, model_type_names());
}

std::shared_ptr<const ModelType> with_state(const ModelType& type) {
  if (!type.begin) return nullptr;
  auto own = std::make_shared<ModelType>(type);
  own->predict = type.begin();
  return own;
}

}  // namespace

ModelName parse_model_name(std::string_view name) {
  const size_t mark = name.rfind('_');
  if (mark == std::string_view::npos || mark == 0 || !is_digits(name.substr(mark + 1))) {
    return {.base = std::string(name), .version = {}};
  }
  return {.base = std::string(name.substr(0, mark)), .version = std::string(name.substr(mark + 1))};
}

void InferenceRepository::add(const ModelType& type) {
  serve(std::string(type.name), type, std::string(kFirstVersion));
}

void InferenceRepository::serve(const std::string& name, const ModelType& type,
                                std::string version) {
  const std::unique_lock lock(mutex_);
  models_.insert_or_assign(name, Model{&type, std::move(version), {}, with_state(type)});
  grow_revision();
}

InferenceRepository::Loading InferenceRepository::load(std::string_view name,
                                                       std::string_view type_name, Instant now) {
  const ModelName parsed = parse_model_name(name);
  const ModelType* type =
      type_name.empty() ? model_type_by_prefix(parsed.base) : find_model_type(type_name);
  if (type == nullptr) {
    return {.error = type_name.empty() ? unknown_prefix(name) : unknown_model_type(type_name)};
  }
  const bool any = parsed.version.empty() || parsed.version == kAnyVersion;
  const std::string version(any ? kFirstVersion : std::string_view(parsed.version));

  const std::unique_lock lock(mutex_);
  const auto existing = models_.find(parsed.base);
  if (existing == models_.end() && models_.size() == kMostModels) {
    return {.error =
                fmt::format("{} models are loaded, which is as many as there may be", kMostModels)};
  }
  const Instant loaded_at = now + load_time_;
  if (existing != models_.end() && existing->second.type == type &&
      existing->second.version == version) {
    const bool ready = state(existing->second, now) == State::kReady;
    return {.ready_at = ready ? loaded_at : existing->second.ready_at, .error = {}};
  }
  models_.insert_or_assign(parsed.base, Model{type, version, loaded_at, with_state(*type)});
  grow_revision();
  return {.ready_at = loaded_at, .error = {}};
}

bool InferenceRepository::unload(std::string_view name) {
  const ModelName parsed = parse_model_name(name);
  const std::unique_lock lock(mutex_);
  const auto found = models_.find(parsed.base);
  if (found == models_.end() || !names_version(parsed.version, found->second.version)) return false;
  models_.erase(found);
  return true;
}

bool InferenceRepository::find(std::string_view name, std::string_view version, Instant now,
                               Entry& found) const {
  const std::shared_lock lock(mutex_);
  if (!routes_.empty()) {
    const auto route = routes_.find(name);
    if (route != routes_.end()) return follow(route->first, route->second, version, now, found);
  }
  return find_model(name, version, now, found);
}

bool InferenceRepository::find_model(std::string_view name, Entry& found) const {
  const std::shared_lock lock(mutex_);
  return find_model(name, {}, Instant::max(), found);
}

bool InferenceRepository::find_model(std::string_view name, std::string_view version, Instant now,
                                     Entry& found) const {
  auto model = models_.find(name);
  if (model == models_.end()) {
    const ModelName parsed = parse_model_name(name);
    model = models_.find(parsed.base);
    if (model == models_.end() || !names_version(parsed.version, model->second.version))
      return false;
  }
  if (!names_version(version, model->second.version)) return false;
  found = {model->first, model->second.version, model->second.served(), state(model->second, now),
           model->second.own};
  return true;
}

// A part of a split may be a pipeline, and not another split.
bool InferenceRepository::follow(const std::string& name, const Route& route,
                                 std::string_view version, Instant now, Entry& found) const {
  if (route.split != nullptr) {
    const std::string& part = route.split->next();
    const auto other = routes_.find(part);
    if (other == routes_.end() || other->second.pipeline == nullptr) {
      return find_model(part, version, now, found);
    }
    return follow(part, {{}, other->second.pipeline, other->second.version}, version, now, found);
  }
  if (!names_version(version, route.version)) return false;
  found = {name, route.version, route.pipeline.get(), State::kReady, route.pipeline};
  return true;
}

void InferenceRepository::serve_pipeline(const std::string& name,
                                         std::shared_ptr<const ModelType> type,
                                         std::string version) {
  const std::unique_lock lock(mutex_);
  Route& route = routes_[name + std::string(kPipeline)];
  route.pipeline = std::move(type);
  route.version = std::move(version);
  grow_revision();
}

void InferenceRepository::end_pipeline(const std::string& name) {
  const std::unique_lock lock(mutex_);
  const std::string routed = name + std::string(kPipeline);
  const auto route = routes_.find(routed);
  if (route == routes_.end()) return;
  route->second.pipeline = nullptr;
  drop_if_empty(routed);
}

void InferenceRepository::split(const std::string& name,
                                std::shared_ptr<const TrafficSplit> split) {
  const std::unique_lock lock(mutex_);
  routes_[name].split = std::move(split);
  drop_if_empty(name);
}

void InferenceRepository::drop_if_empty(const std::string& name) {
  const Route& route = routes_.at(name);
  if (route.split == nullptr && route.pipeline == nullptr) routes_.erase(name);
}

std::vector<InferenceRepository::Entry> InferenceRepository::list(Instant now) const {
  std::map<std::string, Entry, std::less<>> entries;
  {
    const std::shared_lock lock(mutex_);
    for (const auto& [name, model] : models_) {
      entries.emplace(name,
                      Entry{name, model.version, model.served(), state(model, now), model.own});
    }
  }
  for (const ModelType& type : model_types()) {
    const std::string name(type.name);
    entries.try_emplace(name, Entry{name, std::string(kFirstVersion), &type, State::kUnloaded, {}});
  }
  std::vector<Entry> list;
  list.reserve(entries.size());
  for (auto& [name, entry] : entries)
    list.push_back(std::move(entry));
  return list;
}

std::vector<std::string> InferenceRepository::served() const {
  const std::shared_lock lock(mutex_);
  std::vector<std::string> names;
  names.reserve(models_.size() + routes_.size());
  for (const auto& [name, model] : models_)
    names.push_back(name);
  for (const auto& [name, route] : routes_) {
    if (route.pipeline != nullptr) names.push_back(name);
  }
  return names;
}

bool InferenceRepository::all_ready(Instant now) const {
  const std::shared_lock lock(mutex_);
  return std::all_of(models_.begin(), models_.end(), [now](const auto& entry) {
    return state(entry.second, now) == State::kReady;
  });
}

}  // namespace perigee
