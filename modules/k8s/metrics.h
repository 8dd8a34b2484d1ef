// The metrics of perigee.k8s.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <tuple>
#include <unordered_map>
#include <utility>

#include "engine/metrics/registry.h"
#include "engine/metrics/shard.h"
#include "scripting/lua.h"

namespace perigee {

// By the names that the module's Lua has for them; declared once per run.
class KubernetesMetricIds {
 public:
  static constexpr size_t kCount = 13;

  static KubernetesMetricIds declare(MetricRegistry& registry);
  const std::array<std::pair<std::string_view, MetricId>, kCount>& all() const { return ids_; }
  MetricId reqs() const { return ids_[0].second; }
  MetricId req_duration() const { return ids_[1].second; }
  MetricId req_failed() const { return ids_[2].second; }
  MetricId calls_requested() const { return ids_[3].second; }
  MetricId calls_achieved() const { return ids_[4].second; }

 private:
  std::array<std::pair<std::string_view, MetricId>, kCount> ids_{};
};

// One per worker. Samples name their tags by a text, so that the table of tags is read once for all
// samples that have them.
class KubernetesMetrics {
 public:
  explicit KubernetesMetrics(MetricShard& shard) : shard_(shard) {}

  // The series of a metric in a VU's context; `tags` is the index of their table.
  SeriesId series(lua_State* L, MetricId metric, TagSetId context, std::string_view text, int tags);

  // Those of each request and call. `number` stands for its verb and resource.
  struct Request {
    SeriesId count;
    SeriesId duration;
    SeriesId failed;
    SeriesId requested;
    SeriesId achieved;
  };
  const Request& request(const KubernetesMetricIds& ids, TagSetId context, uint32_t number,
                         std::string_view verb, std::string_view resource);

 private:
  using Key = std::tuple<MetricId, TagSetId, std::string>;

  MetricShard& shard_;
  std::map<Key, SeriesId> series_;
  std::unordered_map<uint64_t, Request> requests_;
};

}  // namespace perigee
