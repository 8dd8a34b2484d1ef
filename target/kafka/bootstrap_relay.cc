#include "target/kafka/bootstrap_relay.h"

#include <string>
#include <utility>

namespace perigee {

// A client's connection and the one to the broker; the end of either ends both.
class BootstrapRelay::Connection {
 public:
  explicit Connection(BootstrapRelay& relay)
      : relay_(relay), client_(*this, broker_), broker_(*this, client_) {}

  // False if there is no client.
  bool begin() {
    client_.stream = relay_.listener_.accept(client_);
    if (!client_.stream) return false;
    client_.stream->pause_reading();
    broker_.stream = TcpStream::connect(relay_.loop_, relay_.broker_, broker_);
    return true;
  }

 private:
  // What one side sends goes out on the other, and is not read faster than that takes it.
  struct Side final : StreamEvents {
    Side(Connection& owner, Side& to) : connection(owner), other(to) {}

    void on_connected() override { other.stream->resume_reading(); }
    void on_read(std::string_view bytes, Instant /*at*/) override {
      other.unsent = bytes;
      if (!other.stream->write(other.unsent, {})) stream->pause_reading();
    }
    void on_sent() override { other.stream->resume_reading(); }
    void on_closed(int /*error*/) override { connection.relay_.end(connection); }

    Connection& connection;
    Side& other;
    std::string unsent;
    std::unique_ptr<TcpStream> stream;
  };

  BootstrapRelay& relay_;
  Side client_;
  Side broker_;
};

BootstrapRelay::BootstrapRelay(Loop& loop, const Address& address, const Address& broker)
    : loop_(loop),
      broker_(broker),
      listener_(loop, address, /*shared=*/false, [this] { on_connection(); }) {}

BootstrapRelay::~BootstrapRelay() = default;

void BootstrapRelay::end(const Connection& connection) {
  connections_.erase(&connection);
}

void BootstrapRelay::on_connection() {
  auto connection = std::make_unique<Connection>(*this);
  if (!connection->begin()) return;
  const Connection* const key = connection.get();
  connections_.emplace(key, std::move(connection));
}

}  // namespace perigee
