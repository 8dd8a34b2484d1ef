// A client's WebSocket, from the dial to its end.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "engine/http/dial.h"
#include "engine/http/http1_parser.h"
#include "engine/websocket/client.h"

namespace perigee::websocket {

class Socket final : private http::DialEvents,
                     private StreamEvents,
                     private http::Http1Parser::Events,
                     private Deadline {
 public:
  Socket(Client& client, const ConnectRequest& request, SocketEvents& events);
  ~Socket() override;
  Socket(const Socket&) = delete;
  Socket& operator=(const Socket&) = delete;

  // Null until it is open.
  Session* session() { return session_ ? &*session_ : nullptr; }
  // Bytes on the wire so far.
  uint64_t bytes_sent() const;
  uint64_t bytes_received() const;

 private:
  // What is needed until the connection is open.
  struct Handshake;

  void on_dialled(http::Dialled dialled) override;
  void on_dial_failed(http::Error error) override;

  void on_connected() override {}
  void on_read(std::string_view bytes, Instant at) override;
  void on_sent() override {}
  void on_closed(int error) override;
  void on_deadline() override;

  void on_head(const http::Http1Head& head) override;
  void on_body(std::string_view) override {}
  void on_message_end() override {}

  const ClientSettings& settings() const;
  // At once, or when the rate allows it.
  void start(Instant now);
  // Its turn has come.
  void begin(Instant now);
  http::DialTarget target() const;
  http::Error write_head(const ConnectRequest& request);
  void open(std::string_view rest, Instant at);
  void fail(http::Error error);
  // It has reached no server: how long its end is to wait.
  Duration refused_pause(Instant now);

  Client& client_;
  SocketEvents& events_;
  std::unique_ptr<Handshake> handshake_;
  std::optional<Session> session_;
  uint64_t sent_ = 0;  // of a handshake that failed
  uint64_t received_ = 0;
};

}  // namespace perigee::websocket
