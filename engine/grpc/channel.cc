#include "engine/grpc/channel.h"

#include <algorithm>
#include <utility>

#include "engine/grpc/call.h"
#include "engine/grpc/time_limit.h"

namespace perigee::grpc {
namespace {

// Where other connections are there, one that can't be had is not tried for again before.
constexpr Duration kRedialPause = std::chrono::seconds(1);

constexpr std::string_view kUserAgent = "user-agent";

// Those of a head that are the same for all calls, but for the path.
std::vector<http2::Field> fixed_fields(const ChannelSettings& settings) {
  const http::Url& server = *settings.server;
  return {{":method", "POST"},
          {":scheme", server.tls ? "https" : "http"},
          {":path", ""},
          {":authority", settings.authority.empty() ? server.host_header : settings.authority},
          {"content-type", "application/grpc"},
          {"te", "trailers"},
          {"grpc-accept-encoding", "gzip"},
          {kUserAgent, settings.user_agent}};
}
constexpr size_t kPathField = 2;
constexpr size_t kLastingFields = 8;

}  // namespace

Channel::Channel(Loop& loop, Network& network, Deadlines& deadlines, http::RefusedPause& refused,
                 ChannelSettings settings)
    : loop_(loop),
      network_(network),
      deadlines_(deadlines),
      refused_(refused),
      settings_(std::move(settings)),
      turn_end_(loop.turn_ends(), [this] { on_turn_end(); }),
      pause_(loop.timers(), [this] { tell_connected(); }),
      fields_(fixed_fields(settings_)) {}

Channel::~Channel() {
  close();
}

bool Channel::connected() const {
  return connections_.size() == settings_.connections && !dialling() && !pause_.armed();
}

bool Channel::connect(ConnectEvents& events) {
  dial_missing(Instant::max());
  if (connected()) return true;
  waiting_.push_back(&events);
  return false;
}

void Channel::forget(ConnectEvents& events) {
  std::erase(waiting_, &events);
}

void Channel::close() {
  const Status status{Code::kCancelled, "the client has been closed"};
  const Instant at = now();
  while (!connections_.empty())
    connections_.back()->close(status, at);
  while (!draining_.empty())
    draining_.back()->close(status, at);
  fail_queue(status, {}, at);
  deliver_ending();
}

std::vector<size_t> Channel::calls_by_connection() const {
  std::vector<size_t> calls;
  for (const auto& connection : connections_)
    calls.push_back(connection->calls());
  return calls;
}

bool Channel::dialling() const {
  return std::any_of(connections_.begin(), connections_.end(), [](const auto& connection) {
    return connection->state() == Connection::State::kDialling;
  });
}

void Channel::dial_missing(Instant now) {
  if (!connections_.empty() && now < next_dial_) return;
  while (connections_.size() < settings_.connections)
    connections_.push_back(std::make_unique<Connection>(*this));
}

void Channel::submit(Call& call, Instant now) {
  if (connections_.size() < settings_.connections) dial_missing(now);
  Connection* const connection = queue_.empty() ? next_with_room() : nullptr;
  if (connection == nullptr) {
    queue_.push_back(&call);
  } else {
    connection->open(call, now);
  }
}

Connection* Channel::next_with_room() {
  const size_t size = connections_.size();
  for (size_t i = 0; i < size; ++i) {
    Connection& connection = *connections_[next_++ % size];
    if (connection.has_room()) return &connection;
  }
  return nullptr;
}

void Channel::on_room() {
  if (!queue_.empty()) serve_queue(now());
}

void Channel::serve_queue(Instant now) {
  while (!queue_.empty()) {
    Connection* const connection = next_with_room();
    if (connection == nullptr) return;
    Call* const call = queue_.front();
    queue_.pop_front();
    connection->open(*call, now);
  }
}

void Channel::withdraw(Call& call) {
  std::erase(queue_, &call);
  std::erase(ending_, &call);
}

void Channel::deliver_soon(Call& call) {
  ending_.push_back(&call);
  turn_end_.arm();
}

void Channel::on_ready(Instant at) {
  refused_.on_reached();
  serve_queue(at);
  if (dialling()) return;
  connect_status_ = {};
  tell_connected();
}

void Channel::on_dial_failed(Connection& connection, const Status& status, Instant at) {
  on_over(connection);
  const Duration pause = refused_.on_refused(last_refused_, at);
  last_refused_ = at + pause;
  next_dial_ = at + kRedialPause;
  connect_status_ = status;
  if (pause == Duration::zero()) {
    tell_connected();
  } else if (!waiting_.empty()) {
    pause_.start(at + pause);
  }
  if (connections_.empty()) fail_queue(status, pause, at);
}

void Channel::tell_connected() {
  pause_.stop();
  const Status status = std::exchange(connect_status_, {});
  for (ConnectEvents* events : std::exchange(waiting_, {}))
    events->on_connected(status);
}

void Channel::fail_queue(const Status& status, Duration pause, Instant at) {
  for (Call* call : std::exchange(queue_, {}))
    call->on_unreachable(status, call->may_pause(pause) ? pause : Duration::zero(), at);
}

void Channel::on_draining(Connection& connection) {
  draining_.push_back(take(connections_, connection));
}

void Channel::on_over(Connection& connection) {
  auto taken = take(connections_, connection);
  if (!taken) taken = take(draining_, connection);
  if (taken) over_.push_back(std::move(taken));
  turn_end_.arm();
}

std::unique_ptr<Connection> Channel::take(Connections& connections, Connection& connection) {
  const auto found = std::find_if(connections.begin(), connections.end(),
                                  [&](const auto& each) { return each.get() == &connection; });
  if (found == connections.end()) return nullptr;
  std::unique_ptr<Connection> taken = std::move(*found);
  connections.erase(found);
  return taken;
}

void Channel::on_turn_end() {
  const Connections over = std::exchange(over_, {});
  deliver_ending();
}

void Channel::deliver_ending() {
  const Instant at = now();
  while (!ending_.empty()) {
    Call* const call = ending_.back();
    ending_.pop_back();
    call->deliver(at);
  }
}

size_t Channel::lasting_fields(bool own_user_agent) {
  return own_user_agent ? kLastingFields - 1 : kLastingFields;
}

std::vector<http2::Field>& Channel::begin_head(std::string_view path, bool own_user_agent) {
  fields_.resize(lasting_fields(own_user_agent));
  if (!own_user_agent) fields_.back() = {kUserAgent, settings_.user_agent};
  std::string_view& lasting = fields_[kPathField].value;
  if (path == lasting) return fields_;
  auto known = paths_.find(path);
  if (known == paths_.end()) known = paths_.emplace(path).first;
  lasting = *known;
  return fields_;
}

std::string_view Channel::time_limit(Duration limit) {
  if (limit != limit_ || limit_text_.empty()) {
    limit_ = limit;
    limit_text_ = format_time_limit(limit);
  }
  return limit_text_;
}

}  // namespace perigee::grpc
