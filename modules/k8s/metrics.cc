#include "modules/k8s/metrics.h"

#include "scripting/bindings/tag_table.h"

namespace perigee {

KubernetesMetricIds KubernetesMetricIds::declare(MetricRegistry& registry) {
  const auto counter = [&](std::string_view name) {
    return registry.add(name, MetricKind::kCounter);
  };
  const auto trend = [&](std::string_view name) {
    return registry.add(name, MetricKind::kTrend, ValueKind::kTime);
  };
  KubernetesMetricIds ids;
  ids.ids_ = {{{"reqs", counter("k8s_reqs")},
               {"req_duration", trend("k8s_req_duration")},
               {"req_failed", registry.add("k8s_req_failed", MetricKind::kRate)},
               {"calls_requested", counter("k8s_calls_requested")},
               {"calls_achieved", counter("k8s_calls_achieved")},
               {"throttle_wait", trend("k8s_throttle_wait")},
               {"reqs_throttled", counter("k8s_reqs_throttled")},
               {"created_to_seen", trend("k8s_created_to_seen")},
               {"created_to_condition", trend("k8s_created_to_condition")},
               {"created_to_condition_server", trend("k8s_created_to_condition_server")},
               {"deleted_to_gone", trend("k8s_deleted_to_gone")},
               {"watch_events", counter("k8s_watch_events")},
               {"watch_restarts", counter("k8s_watch_restarts")}}};
  return ids;
}

SeriesId KubernetesMetrics::series(lua_State* L, MetricId metric, TagSetId context,
                                   std::string_view text, int tags) {
  const auto [found, added] = series_.try_emplace(Key{metric, context, text});
  if (added) {
    TagSet set = *shard_.tags().at(context);
    for (const auto& [key, value] : read_tags(L, tags, "perigee.k8s"))
      set.set(key, value);
    found->second = shard_.series(metric, shard_.tags().intern(std::move(set)));
  }
  return found->second;
}

const KubernetesMetrics::Request& KubernetesMetrics::request(const KubernetesMetricIds& ids,
                                                             TagSetId context, uint32_t number,
                                                             std::string_view verb,
                                                             std::string_view resource) {
  const uint64_t key = uint64_t{context} << 32U | number;
  if (const auto found = requests_.find(key); found != requests_.end()) return found->second;
  TagSet set = *shard_.tags().at(context);
  set.set("verb", verb);
  set.set("resource", resource);
  const TagSetId tags = shard_.tags().intern(std::move(set));
  const Request request{.count = shard_.series(ids.reqs(), tags),
                        .duration = shard_.series(ids.req_duration(), tags),
                        .failed = shard_.series(ids.req_failed(), tags),
                        .requested = shard_.series(ids.calls_requested(), tags),
                        .achieved = shard_.series(ids.calls_achieved(), tags)};
  return requests_.emplace(key, request).first->second;
}

}  // namespace perigee
