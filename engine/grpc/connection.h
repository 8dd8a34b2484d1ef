// One connection of a channel, from the dial to its end, and the calls on it.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/grpc/greeting.h"
#include "engine/grpc/status.h"
#include "engine/http/dial.h"
#include "engine/http/http2/connection.h"
#include "engine/http/traffic.h"
#include "engine/loop/deadlines.h"
#include "engine/loop/turn_end.h"
#include "engine/net/stream.h"

namespace perigee::grpc {

class Call;
class Channel;

// Belongs to its channel, which destroys it at the end of the turn in which it says it is over.
class Connection final : private http::DialEvents,
                         private StreamEvents,
                         private http2::ConnectionEvents,
                         private Deadline {
 public:
  // Starts to dial.
  explicit Connection(Channel& channel);
  ~Connection() override;
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  // It is being dialled until the server's settings have come: before, nobody knows whether what
  // listens there speaks HTTP/2.
  enum class State : uint8_t { kDialling, kReady, kDraining, kOver };
  State state() const { return state_; }
  // A call may be opened on it now.
  bool has_room() const;
  size_t calls() const { return calls_.size(); }
  const Address& peer() const { return stream_->peer(); }

  // Needs room.
  void open(Call& call, Instant now);
  void remove(Call& call);
  // It ends, and its calls with this status.
  void close(const Status& status, Instant at);

  http2::Connection& http2() { return *http2_; }
  int32_t window() const { return settings_.stream_window; }
  // Why a stream was closed with this code, where the connection knows more; else an OK.
  Status why_closed(http2::ErrorCode code) const;
  // How often what was queued has been handed to the kernel.
  uint64_t flushes() const { return flushes_; }
  // A server has processed a call over it.
  void note_processed() { productive_ = true; }
  bool productive() const { return productive_; }

 private:
  // Pings a server that is silent.
  struct Keepalive;

  void on_dialled(http::Dialled dialled) override;
  void on_dial_failed(http::Error error) override;

  void on_connected() override {}
  void on_read(std::string_view bytes, Instant at) override;
  void on_sent() override;
  void on_closed(int error) override;

  void on_settings() override;
  void on_go_away(int32_t last_stream, http2::ErrorCode code, std::string_view reason) override;

  void on_deadline() override;

  // The server has sent these bytes first, whole or not; false if they end the connection.
  bool greet(std::string_view bytes, Instant at);
  // Nothing more can be had over it.
  void fail(const Status& status, Instant at);
  void on_turn_end();
  void count_traffic();
  Status unavailable(std::string reason) const;

  Channel& channel_;
  const http2::ConnectionSettings settings_;
  State state_ = State::kDialling;
  std::unique_ptr<http::Dial> dial_;
  std::unique_ptr<Stream> stream_;
  TurnEnd turn_end_;
  std::optional<http2::Connection> http2_;
  std::vector<Call*> calls_;
  http::Traffic counted_;
  std::optional<Greeting> greeting_{std::in_place};  // until it is known to be HTTP/2
  bool productive_ = false;
  uint64_t flushes_ = 0;
  std::optional<http2::ErrorCode> go_away_code_;
  std::string go_away_reason_;
  // Told by the first call.
  Duration connecting_{};
  Duration tls_handshaking_{};
  std::unique_ptr<Keepalive> keepalive_;  // null unless it is wanted
};

}  // namespace perigee::grpc
