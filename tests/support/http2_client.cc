#include "tests/support/http2_client.h"

namespace perigee {
namespace {

std::map<std::string, std::string> as_map(const http2::FieldBlock& block) {
  std::map<std::string, std::string> fields;
  for (const auto& [name, value] : block.fields())
    fields.emplace(name, value);
  return fields;
}

}  // namespace

Http2Stream::Http2Stream(http2::Connection& connection, const Fields& fields, bool ends)
    : connection_(connection) {
  std::vector<http2::Field> views;
  for (const auto& [name, value] : fields)
    views.push_back({name, value});
  id_ = connection.open(*this, views, ends ? nullptr : this);
}

void Http2Stream::send(std::string_view bytes) {
  unsent_.append(bytes);
  connection_.resume(id_);
}

void Http2Stream::end() {
  last_ = true;
  connection_.resume(id_);
}

void Http2Stream::on_head(const http2::FieldBlock& block, bool ends) {
  status = block.status();
  head = as_map(block);
  head_only = ends;
}

void Http2Stream::on_trailers(const http2::FieldBlock& block) {
  trailers = as_map(block);
}

void Http2Stream::on_closed(http2::ErrorCode reason) {
  over_ = true;
  code = reason;
}

// Keeps what is written until it goes to the socket.
class Http2Client::Wire final : public Stream {
 public:
  bool write(std::string_view head, std::string_view body) override {
    bytes.append(head).append(body);
    return true;
  }
  void hand_over(StreamEvents& /*events*/) override {}
  void pause_reading() override {}
  void resume_reading() override {}
  void reset_on_close() override {}
  bool peer_closed() const override { return false; }
  bool untaken_since(uint64_t /*mark*/) const override { return false; }
  const Address& peer() const override { return peer_; }

  std::string bytes;

 private:
  Address peer_;
};

Http2Client::Http2Client(uint16_t port, const http2::ConnectionSettings& settings)
    : socket_(port),
      wire_(std::make_unique<Wire>()),
      turn_end_(turn_ends_, [this] { connection_.flush(); }),
      connection_(settings, *wire_, clock_, turn_end_, *this) {}

Http2Client::~Http2Client() = default;

Http2Stream& Http2Client::open(const Http2Stream::Fields& head, bool ends) {
  return *streams_.emplace_back(std::make_unique<Http2Stream>(connection_, head, ends));
}

void Http2Client::flush() {
  for (turn_ends_.run(); !wire_->bytes.empty(); turn_ends_.run()) {
    socket_.send(std::exchange(wire_->bytes, {}));
  }
}

void Http2Client::run_until(const std::function<bool()>& done) {
  for (flush(); !closed_ && !done(); flush()) {
    const std::string bytes = socket_.read_some();
    closed_ = bytes.empty() || !connection_.receive(bytes, clock_.now());
  }
}

}  // namespace perigee
