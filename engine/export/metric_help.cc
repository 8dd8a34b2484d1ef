#include "engine/export/metric_help.h"

#include <algorithm>
#include <iterator>
#include <string_view>
#include <utility>

#include <fmt/format.h>

namespace perigee::exports {
namespace {

using Help = std::pair<std::string_view, std::string_view>;

// In the order of their names.
constexpr Help kHelp[] = {
    {"checks", "Conditions of checks, each counted once."},
    {"data_received", "Bytes that VUs have received, headers included."},
    {"data_sent", "Bytes that VUs have sent, headers included."},
    {"dropped_iterations", "Arrivals that found no VU."},
    {"group_duration", "Time that calls of group have taken."},
    {"grpc_req_blocked", "Time from the start of a gRPC call until it had a connection."},
    {"grpc_req_connecting", "Time that TCP connections for gRPC have taken."},
    {"grpc_req_duration", "Time that unary gRPC calls have taken."},
    {"grpc_req_failed", "gRPC calls, by whether they have failed."},
    {"grpc_req_receiving", "Time from the first to the last byte of gRPC responses."},
    {"grpc_req_sending", "Time that sending gRPC requests has taken."},
    {"grpc_req_tls_handshaking", "Time that TLS handshakes for gRPC have taken."},
    {"grpc_req_waiting", "Time from a gRPC request's last byte to its response's first."},
    {"grpc_reqs", "gRPC calls that have ended."},
    {"grpc_reqs_interrupted", "gRPC calls that the end of an iteration has cut off."},
    {"grpc_reqs_retried", "gRPC calls that were sent a second time."},
    {"grpc_stream_duration", "Time from the start to the end of gRPC streams."},
    {"grpc_stream_message_gap", "Time between the messages of gRPC streams."},
    {"grpc_stream_time_to_first_message", "Time from a gRPC stream's start to its first message."},
    {"grpc_streams", "gRPC streams that have been opened."},
    {"grpc_streams_msgs_received", "Messages that gRPC streams have received."},
    {"grpc_streams_msgs_sent", "Messages that gRPC streams have sent."},
    {"http_req_blocked", "Time from the start of a request until it had a connection."},
    {"http_req_connecting", "Time that making TCP connections has taken."},
    {"http_req_duration", "Time that requests have taken: sending, waiting and receiving."},
    {"http_req_failed", "Requests, by whether they have failed."},
    {"http_req_receiving", "Time from the first to the last byte of responses."},
    {"http_req_sending", "Time that sending requests has taken."},
    {"http_req_tls_handshaking", "Time that TLS handshakes have taken."},
    {"http_req_waiting", "Time from a request's last byte to its response's first."},
    {"http_reqs", "Requests that have ended."},
    {"http_reqs_interrupted", "Requests that the end of an iteration has cut off."},
    {"http_reqs_retried", "Requests that were sent a second time."},
    {"http_stream_duration", "Time from the start of a request to the end of its stream."},
    {"http_stream_event_gap", "Time between the events of streams."},
    {"http_stream_events", "Events that scripts have read of streams."},
    {"http_stream_time_to_first_event", "Time from the start of a request to its first event."},
    {"http_stream_ttfb", "Time from the start of a streamed request to its first byte."},
    {"iteration_duration", "Time from the start to the end of iterations."},
    {"iteration_errors", "Iterations that have ended with an error."},
    {"iteration_latency", "Time from when an iteration was due to its end."},
    {"iteration_start_delay", "Time from when an iteration was due to its start."},
    {"iterations", "Iterations that have ended by themselves."},
    {"iterations_interrupted", "Iterations that the end of the run has cut off."},
    {"loop_lag", "How late a worker's timers were, once a second."},
    {"tag_sets_refused", "Samples whose tag set was one too many."},
    {"vus", "VUs that run an iteration."},
    {"vus_max", "VUs that exist."},
    {"worker_busy", "Share of a CPU that a worker's thread has used, once a second."},
    {"ws_connecting", "Time that opening WebSockets has taken."},
    {"ws_msgs_received", "Messages that WebSockets have received."},
    {"ws_msgs_sent", "Messages that WebSockets have sent."},
    {"ws_ping", "Time from a WebSocket's ping to its pong."},
    {"ws_session_duration", "Time that WebSockets were open."},
    {"ws_sessions", "WebSockets that have been opened."},
    {"ws_sessions_interrupted", "WebSockets that the end of an iteration has cut off."},
};

}  // namespace

std::string help_of(const Metric& metric) {
  const auto* const found =
      std::lower_bound(std::begin(kHelp), std::end(kHelp), metric.name,
                       [](const Help& help, const std::string& name) { return help.first < name; });
  if (found != std::end(kHelp) && found->first == metric.name) return std::string(found->second);
  return fmt::format("A {} of this run.", to_string(metric.kind));
}

}  // namespace perigee::exports
