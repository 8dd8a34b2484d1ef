// A connection of which nothing is known yet: its first bytes tell what is spoken on it.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "engine/http/server/context.h"
#include "engine/net/listener.h"
#include "engine/net/stream.h"

namespace perigee::http {

// Takes TLS off, if the client begins with it, and goes on as a connection of the version that the
// client speaks.
class Greeting final : public ServerConnection, private StreamEvents {
 public:
  Greeting(ServerContext& context, Listener& listener);

  // False if there was nothing to accept, or no descriptor left for it.
  bool accepted() const { return stream_ != nullptr; }

 private:
  void on_connected() override;
  void on_read(std::string_view bytes, Instant at) override;
  void on_sent() override {}
  void on_closed(int error) override;
  void on_deadline() override { context_.finished(*this); }

  void recognise_preface(std::string_view bytes, Instant at);
  void begin_tls(std::string_view bytes, Instant at);
  template <class Next>
  void become(std::string_view bytes, Instant at);

  ServerContext& context_;
  std::unique_ptr<Stream> stream_;
  std::string seen_;  // as long as it is a part of HTTP/2's preface
};

}  // namespace perigee::http
