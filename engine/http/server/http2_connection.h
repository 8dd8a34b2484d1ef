// One client's connection of HTTP/2: many requests at a time.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>

#include "engine/http/http2/connection.h"
#include "engine/http/server/context.h"
#include "engine/http/server/http2_duplex.h"
#include "engine/http/server/http2_exchange.h"
#include "engine/loop/turn_end.h"
#include "engine/net/stream.h"

namespace perigee::http {

// What becomes of the connection of HTTP/1.1 becomes of the stream here, where HTTP/2 can do that:
// it is reset instead. What a turn of the loop queues goes out in one piece at its end. A request
// is gathered until the handler can respond to it, unless the handler takes it as a duplex stream.
class Http2Connection final : public ServerConnection,
                              private StreamEvents,
                              private DuplexConnection,
                              private http2::ConnectionEvents {
 public:
  Http2Connection(ServerContext& context, std::unique_ptr<Stream> stream);
  ~Http2Connection() override;
  Http2Connection(const Http2Connection&) = delete;
  Http2Connection& operator=(const Http2Connection&) = delete;

  // Bytes that were read before it was made.
  void receive(std::string_view bytes, Instant at) { on_read(bytes, at); }

 private:
  class RequestStream;  // an exchange on its stream, or a duplex

  void on_connected() override {}
  void on_read(std::string_view bytes, Instant at) override;
  void on_sent() override;
  void on_closed(int error) override;

  http2::StreamEvents* on_stream(int32_t stream) override;
  void on_peer_fault() override { observer_->on_malformed(); }
  void on_deadline() override;

  void end_head(RequestStream& stream, bool too_large);
  void add_body(RequestStream& stream, std::string_view bytes);
  void end_request(RequestStream& stream);
  void end_exchange(int32_t stream);
  void close_books(RequestStream& stream);
  void on_due(RequestStream& stream);
  void respond(RequestStream& stream, Reply reply);
  void refuse(RequestStream& stream, int status, std::string_view message);
  void send(RequestStream& stream, Reply reply);
  void submit(RequestStream& stream, const Reply& reply, bool has_body);
  http2::Connection& http2() override { return connection_; }
  void go_away() override;
  void on_replied(const ServerRequest& request, int status) override {
    observer_->on_replied(request, status);
  }

  void flush();
  bool over() const;

  ServerContext& context_;
  std::unique_ptr<Stream> stream_;
  std::unique_ptr<ServerObserver> observer_;
  TurnEnd turn_end_;
  http2::Connection connection_;
  std::unordered_map<int32_t, std::unique_ptr<RequestStream>> streams_;
  int32_t last_ = 0;      // the stream with whose end the connection is cut; 0: none
  bool leaving_ = false;  // the client was told to open no more streams
};

}  // namespace perigee::http
