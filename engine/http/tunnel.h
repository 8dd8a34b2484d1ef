// A way through a proxy: asks it to connect to a server and to pass on what is sent.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "engine/http/http1_parser.h"
#include "engine/http/response.h"
#include "engine/http/url.h"
#include "engine/net/stream.h"

namespace perigee::http {

class Tunnel final : private StreamEvents, private Http1Parser::Events {
 public:
  // Told once, on a later turn than `start`: no error, and the stream leads to the server, or why
  // it does not. The tunnel may be destroyed inside the call.
  using Done = std::function<void(Error)>;

  // Takes over the events of a stream that is connected to the proxy; it must outlive the tunnel.
  // `authorization` is the value of Proxy-Authorization; empty if the proxy wants none.
  Tunnel(Stream& stream, const Url& server, std::string_view authorization, Done done);

  void start();

 private:
  void on_connected() override {}
  void on_read(std::string_view bytes, Instant at) override;
  void on_sent() override {}
  void on_closed(int error) override;

  void on_head(const Http1Head& head) override;
  void on_body(std::string_view /*bytes*/) override {}
  void on_message_end() override {}

  Stream& stream_;
  const Done done_;
  Http1Parser parser_;
  std::string request_;
  int status_ = 0;  // of the answer; 0: it has not come
  std::string reason_;
};

}  // namespace perigee::http
