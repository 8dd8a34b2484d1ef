// Connections to one server, over which calls are spread evenly: of one VU, or of many.
#pragma once

#include <deque>
#include <functional>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "engine/grpc/channel_settings.h"
#include "engine/grpc/connection.h"
#include "engine/http/http2/field.h"
#include "engine/http/refused_pause.h"
#include "engine/http/traffic.h"
#include "engine/loop/deadlines.h"
#include "engine/loop/loop.h"
#include "engine/loop/timer_queue.h"
#include "engine/loop/turn_end.h"
#include "engine/net/network.h"

namespace perigee::grpc {

class Call;

// Told when a channel's connections have been made, or that one could not be.
class ConnectEvents {
 public:
  virtual ~ConnectEvents() = default;
  virtual void on_connected(const Status& status) = 0;
};

// Dials when it is told to, or when a call wants a connection that is not there. Must outlive its
// calls.
class Channel {
 public:
  // All that is passed by reference must outlive the channel; `refused` may serve several.
  Channel(Loop& loop, Network& network, Deadlines& deadlines, http::RefusedPause& refused,
          ChannelSettings settings);
  ~Channel();
  Channel(const Channel&) = delete;
  Channel& operator=(const Channel&) = delete;

  // Whether all connections are there.
  bool connected() const;
  // True if they are. Else dials those that are missing, and `events` is told
  // once, on a later turn.
  bool connect(ConnectEvents& events);
  // `events` is not told any more.
  void forget(ConnectEvents& events);
  // Ends all connections, and all calls with CANCELLED. Must not be destroyed on the same turn.
  void close();

  const ChannelSettings& settings() const { return settings_; }
  // Bytes so far.
  const http::Traffic& traffic() const { return traffic_; }
  // The calls that each connection carries now.
  std::vector<size_t> calls_by_connection() const;

  // --- For calls and connections.
  // Opens the call on a connection, or queues it until one has room.
  void submit(Call& call, Instant now);
  // Takes the call off the queue, or from those that end soon.
  void withdraw(Call& call);
  // Has the call end on a later turn.
  void deliver_soon(Call& call);
  void on_ready(Instant at);
  void on_dial_failed(Connection& connection, const Status& status, Instant at);
  // It takes no more calls.
  void on_draining(Connection& connection);
  void on_over(Connection& connection);
  // A connection has room again.
  void on_room();

  // The fields of every call's head, pseudo-fields first; they stay until the next call, and their
  // text as long as the channel. The client's user-agent is not among them for a call with its own.
  std::vector<http2::Field>& begin_head(std::string_view path, bool own_user_agent);
  static size_t lasting_fields(bool own_user_agent);
  // A value of grpc-timeout, which stays until the next call.
  std::string_view time_limit(Duration limit);
  // Asks the clock: what ends a call may come after a silence, when the loop's last look is old.
  Instant now() const { return loop_.now(); }
  Loop& loop() { return loop_; }
  Network& network() { return network_; }
  Deadlines& deadlines() { return deadlines_; }
  http::Traffic& traffic() { return traffic_; }

 private:
  using Connections = std::vector<std::unique_ptr<Connection>>;

  Connection* next_with_room();
  bool dialling() const;
  void dial_missing(Instant now);
  void serve_queue(Instant now);
  // The connections that were waited for are there, or can't be had.
  void tell_connected();
  void fail_queue(const Status& status, Duration pause, Instant at);
  void on_turn_end();
  void deliver_ending();
  // Takes the connection out of the list, if it is there.
  static std::unique_ptr<Connection> take(Connections& connections, Connection& connection);

  Loop& loop_;
  Network& network_;
  Deadlines& deadlines_;
  http::RefusedPause& refused_;
  const ChannelSettings settings_;
  TurnEnd turn_end_;
  Timer pause_;  // before those that wait for connections are told that there are none
  Connections connections_;
  Connections draining_;
  Connections over_;
  size_t next_ = 0;  // the connection whose turn it is
  std::deque<Call*> queue_;
  std::vector<Call*> ending_;
  std::vector<ConnectEvents*> waiting_;
  Status connect_status_;
  Instant last_refused_{};
  Instant next_dial_{};  // not sooner, while others are there
  http::Traffic traffic_;
  std::vector<http2::Field> fields_;
  std::set<std::string, std::less<>> paths_;  // of calls so far
  Duration limit_{};
  std::string limit_text_;
};

}  // namespace perigee::grpc
