// Reaches a host: finds its addresses and connects to one that answers.
#pragma once

#include <memory>
#include <vector>

#include "engine/http/dial_events.h"
#include "engine/http/tunnel.h"
#include "engine/http/url.h"
#include "engine/loop/deadlines.h"
#include "engine/net/network.h"
#include "engine/net/tcp_stream.h"
#include "engine/net/tls_context.h"
#include "engine/net/tls_stream.h"

namespace perigee::http {

struct DialTarget {
  std::shared_ptr<const Url> hop;       // a server, or a proxy
  std::shared_ptr<const Url> beyond{};  // a server that the hop, a proxy, is asked to connect to
  std::string_view authorization{};     // for that proxy; outlives the dial
  Address local{};                      // where to connect from; empty: the system decides
  const TlsContext* tls = nullptr;      // for https; null: the network's own. Outlives the dial
  TlsSessions* sessions = nullptr;      // to resume, if that context does; outlives what is dialled
  std::vector<std::string_view> protocols{};  // to offer by ALPN, literals; none: HTTP/1.1, unsaid
};

// Tells `events` the end once, on a later turn than its construction; it may
// be destroyed inside that call, or at any time before to give up. Connecting may take
// limits::kConnectTimeout over all addresses, the handshake of TLS included.
class Dial final : private StreamEvents, private Deadline {
 public:
  Dial(Loop& loop, Network& network, Deadlines& deadlines, DialTarget target, DialEvents& events);

 private:
  enum class Step { kConnect, kHopTls, kTunnel, kServerTls };

  void look_up();
  void use(const Resolver::Answer& answer);
  void try_addresses(const std::vector<Address>& found);
  void connect_next();
  // What comes after the step that is done.
  void go_on();
  void begin_tls(Step step, const Url& server);
  void begin_tunnel();
  void give_up(Error error);
  // Tells the error on a later turn.
  void fail(Error error);

  void on_connected() override;
  void on_read(std::string_view bytes, Instant at) override;
  void on_sent() override;
  void on_closed(int error) override;
  void on_deadline() override;

  Loop& loop_;
  Network& network_;
  Deadlines& deadlines_;
  const DialTarget target_;
  DialEvents& events_;
  std::vector<Address> addresses_;
  size_t next_ = 0;
  std::unique_ptr<Stream> stream_;
  Step step_ = Step::kConnect;
  Instant step_started_{};
  Duration connecting_{};
  Duration handshaking_{};
  std::unique_ptr<Tunnel> tunnel_;
  int first_error_ = 0;
  Error failure_;
  std::shared_ptr<Dial*> alive_;  // what the resolver finds us by
};

}  // namespace perigee::http
