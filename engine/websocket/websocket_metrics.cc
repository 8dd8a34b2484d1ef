#include "engine/websocket/websocket_metrics.h"

#include <string>
#include <utility>

#include <fmt/format.h>

namespace perigee::websocket {

WebSocketMetricIds WebSocketMetricIds::declare(MetricRegistry& registry) {
  const auto trend = [&](std::string_view name) {
    return registry.add(name, MetricKind::kTrend, ValueKind::kTime);
  };
  WebSocketMetricIds ids{};
  ids.sessions = registry.add("ws_sessions", MetricKind::kCounter);
  ids.connecting = trend("ws_connecting");
  ids.session_duration = trend("ws_session_duration");
  ids.messages_sent = registry.add("ws_msgs_sent", MetricKind::kCounter);
  ids.messages_received = registry.add("ws_msgs_received", MetricKind::kCounter);
  ids.ping = trend("ws_ping");
  ids.sessions_interrupted = registry.add("ws_sessions_interrupted", MetricKind::kCounter);
  return ids;
}

TagSetId WebSocketMetrics::tags_of(const ConnectionTags& tags) {
  TagSet all = *shard_.tags().at(tags.context);
  for (const auto& [name, value] : tags.own)
    all.set(name, value);
  const std::string* name = tags.own.find("name");
  const std::string url(name != nullptr ? std::string_view(*name) : tags.url);
  all.set("name", url);
  all.set("url", url);
  if (tags.status != 0) {
    all.set("status", fmt::format_int(tags.status).c_str());
    all.set("subproto", tags.subprotocol);
  }
  const bool wants_ip = shard_.tags().system_tags().has(SystemTag::kIp);
  if (wants_ip && !tags.ip.empty()) all.set("ip", tags.ip);
  return shard_.tags().intern(std::move(all));
}

WebSocketMetrics::Series WebSocketMetrics::record_opening(const ConnectionTags& tags,
                                                          Duration connecting, Instant at) {
  const TagSetId set = tags_of(tags);
  shard_.add(shard_.series(ids_.sessions, set), 1, at);
  shard_.add(shard_.series(ids_.connecting, set), to_ms(connecting), at);
  return {.sent = shard_.series(ids_.messages_sent, set),
          .received = shard_.series(ids_.messages_received, set),
          .ping = shard_.series(ids_.ping, set),
          .duration = shard_.series(ids_.session_duration, set),
          .interrupted = shard_.series(ids_.sessions_interrupted, set)};
}

void WebSocketMetrics::record_interrupted_opening(const ConnectionTags& tags, Instant at) {
  shard_.add(shard_.series(ids_.sessions_interrupted, tags_of(tags)), 1, at);
}

}  // namespace perigee::websocket
