// A client's and a server's HTTP/2 connection on the two ends of a pipe in memory.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "engine/http/http2/connection.h"
#include "tests/support/fake_clock.h"

namespace perigee::http2 {

// Keeps what is written until it is taken.
class PipeEnd final : public Stream {
 public:
  bool write(std::string_view head, std::string_view body) override {
    ++writes;
    bytes.append(head).append(body);
    return !blocked;
  }
  void hand_over(perigee::StreamEvents& /*events*/) override {}
  void pause_reading() override {}
  void resume_reading() override {}
  void reset_on_close() override {}
  bool peer_closed() const override { return false; }
  bool untaken_since(uint64_t /*mark*/) const override { return false; }
  const Address& peer() const override { return peer_; }

  std::string bytes;
  int writes = 0;
  bool blocked = false;  // says that it has not taken what it is given

 private:
  Address peer_;
};

// The user of a stream on either side: notes what comes, and sends what it is told to.
class StreamLog final : public StreamEvents, public DataSource {
 public:
  void on_head(const FieldBlock& head, bool ends) override {
    if (head.status() != 0) log += fmt::format("{} ", head.status());
    if (!head.path().empty())
      log += fmt::format("{} {}{} ", head.method(), head.authority(), head.path());
    note(head);
    if (head.truncated()) log += "truncated ";
    if (ends) log += "last ";
  }
  void on_data(std::string_view bytes) override {
    received += bytes.size();
    if (bytes.size() < 100) log += fmt::format("data({}) ", bytes);
  }
  void on_trailers(const FieldBlock& block) override {
    log += "trailers ";
    note(block);
  }
  void on_end() override { log += "end "; }
  void on_sent() override { log += "sent "; }
  void on_head_fault(HeadFault /*fault*/) override { log += "fault "; }
  void on_closed(ErrorCode code) override {
    log += fmt::format("closed({}) ", static_cast<uint32_t>(code));
  }
  Ready ready() override { return {.bytes = unsent, .last = last, .trailers = trailers}; }
  void taken(size_t size) override { unsent.remove_prefix(size); }

  std::string_view unsent;
  bool last = false;
  std::vector<Field> trailers;
  std::string log;
  size_t received = 0;

 private:
  void note(const FieldBlock& block) {
    for (const Field& field : block.fields())
      log += fmt::format("{}={} ", field.name, field.value);
  }
};

// One side.
struct Side final : ConnectionEvents {
  explicit Side(const ConnectionSettings& own, const Clock& clock)
      : connection(own, pipe, clock, turn_end, *this) {}

  StreamEvents* on_stream(int32_t stream) override {
    if (refuses) return nullptr;
    opened.push_back(stream);
    streams.push_back(std::make_unique<StreamLog>());
    return streams.back().get();
  }
  void on_settings() override { ++settings; }
  void on_go_away(int32_t last_stream, ErrorCode code, std::string_view /*reason*/) override {
    log += fmt::format("go_away({}, {}) ", last_stream, static_cast<uint32_t>(code));
  }
  void on_pong() override { log += "pong "; }
  void on_peer_fault() override { log += "fault "; }

  TurnEnds turn_ends;
  TurnEnd turn_end{turn_ends, [this] { connection.flush(); }};
  PipeEnd pipe;
  Connection connection;
  std::vector<int32_t> opened;
  std::vector<std::unique_ptr<StreamLog>> streams;
  std::string log;
  int settings = 0;
  bool refuses = false;
};

struct ConnectionPair {
  explicit ConnectionPair(ConnectionSettings of_client = {}, ConnectionSettings of_server = {})
      : client(with_role(of_client, Role::kClient), clock),
        server(with_role(of_server, Role::kServer), clock) {
    exchange();
  }

  // Turns of both sides until neither has anything to send.
  void exchange() {
    while (turn(client, server) + turn(server, client) > 0) {
    }
  }
  // The first stream's user on the server.
  StreamLog& served(size_t index = 0) { return *server.streams.at(index); }
  int32_t open(DataSource* data = nullptr) { return client.connection.open(user, kRequest, data); }

  static ConnectionSettings with_role(ConnectionSettings settings, Role role) {
    settings.role = role;
    return settings;
  }
  static inline const std::vector<Field> kRequest{{":method", "POST"},
                                                  {":scheme", "http"},
                                                  {":authority", "host"},
                                                  {":path", "/path"},
                                                  {"te", "trailers"}};
  static inline const std::vector<Field> kResponse{{":status", "200"}, {"x-a", "1"}};

  FakeClock clock;
  Side client;
  Side server;
  StreamLog user;

 private:
  // How many bytes it has moved.
  size_t turn(Side& from, Side& to) const {
    from.turn_ends.run();
    const std::string bytes = std::exchange(from.pipe.bytes, {});
    if (!bytes.empty()) to.connection.receive(bytes, clock.now());
    return bytes.size();
  }
};

}  // namespace perigee::http2
