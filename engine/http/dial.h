// Reaches a host: finds its addresses and connects to the first that answers.
#pragma once

#include <memory>
#include <vector>

#include "engine/loop/deadlines.h"
#include "engine/net/resolver.h"
#include "engine/net/tcp_stream.h"

namespace perigee::http {

class Exchange;

// Works for one exchange and tells it the end once, on a later turn than its construction; it may
// be destroyed inside that call, or at any time before to give up. Connecting may take
// limits::kConnectTimeout over all addresses.
class Dial final : private StreamEvents, private Deadline {
 public:
  Dial(Loop& loop, Resolver& resolver, Deadlines& deadlines, Exchange& exchange);

 private:
  void use(const Resolver::Answer& answer);
  void connect_next();

  void on_connected() override;
  void on_read(std::string_view bytes, Instant at) override;
  void on_sent() override;
  void on_closed(int error) override;
  void on_deadline() override;

  Loop& loop_;
  Deadlines& deadlines_;
  Exchange& exchange_;
  std::vector<Address> addresses_;
  size_t next_ = 0;
  std::unique_ptr<TcpStream> stream_;
  Instant started_{};
  int first_error_ = 0;
  std::shared_ptr<Dial*> alive_;  // what the resolver finds us by
};

}  // namespace perigee::http
