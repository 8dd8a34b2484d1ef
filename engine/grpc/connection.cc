#include "engine/grpc/connection.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "engine/base/duration.h"
#include "engine/base/limits.h"
#include "engine/base/utf8.h"
#include "engine/grpc/call.h"
#include "engine/grpc/channel.h"
#include "engine/http/errors.h"

namespace perigee::grpc {
namespace {

// Bytes; grpc-go says "too_many_pings", others a sentence.
constexpr size_t kMaxShownReason = 256;

// What a server says of its GOAWAY, for an end of a message: nothing unless it is a line of text.
std::string shown(std::string_view reason) {
  const bool is_line = std::ranges::none_of(
      reason, [](char c) { return static_cast<unsigned char>(c) < ' ' || c == '\x7f'; });
  if (reason.empty() || reason.size() > kMaxShownReason || !is_line || !is_utf8(reason)) return {};
  return fmt::format(": {}", reason);
}

}  // namespace

struct Connection::Keepalive final : Deadline {
  explicit Keepalive(Connection& kept) : connection(kept) {}

  void arm(Duration time) { connection.channel_.deadlines().arm(*this, time, now()); }
  Instant now() const { return connection.channel_.now(); }

  void on_deadline() override {
    const ChannelSettings& settings = connection.channel_.settings();
    if (pinged) {
      return connection.fail(connection.unavailable("keepalive ping failed to receive ACK within "
                                                    "timeout"),
                             now());
    }
    const bool wanted = settings.keepalive_without_calls || connection.calls() > 0;
    if (!wanted) return arm(settings.keepalive_time);
    pinged = true;
    connection.http2().ping();
    arm(settings.keepalive_timeout);
  }

  void on_read() {
    disarm();
    pinged = false;
    arm(connection.channel_.settings().keepalive_time);
  }

  Connection& connection;
  bool pinged = false;
};

namespace {

http::DialTarget dial_target(const ChannelSettings& settings, const Network& network) {
  http::DialTarget target{.hop = settings.server,
                          .local = network.local_address(settings.user),
                          .tls = settings.tls.get(),
                          .protocols = {"h2"}};
  if (const http::Proxy* proxy = settings.proxies.proxy_for(*settings.server)) {
    target.hop = proxy->url;
    target.beyond = settings.server;
    target.authorization = proxy->authorization;
  }
  return target;
}

}  // namespace

Connection::Connection(Channel& channel)
    : channel_(channel),
      settings_({.role = http2::Role::kClient,
                 .expected_streams = limits::kExpectedStreams,
                 .max_head = limits::kResponseHead}),
      turn_end_(channel.loop().turn_ends(), [this] { on_turn_end(); }) {
  http::DialEvents& events = *this;
  dial_ = std::make_unique<http::Dial>(channel.loop(), channel.network(), channel.deadlines(),
                                       dial_target(channel.settings(), channel.network()), events);
}

Connection::~Connection() {
  // What is still to be said goes out with the end of the connection.
  if (http2_ && stream_ && !http2_->sending()) http2_->flush();
  count_traffic();
}

bool Connection::has_room() const {
  return state_ == State::kReady && calls_.size() < http2_->peer_max_streams();
}

void Connection::open(Call& call, Instant now) {
  call.slot = static_cast<uint32_t>(calls_.size());
  calls_.push_back(&call);
  call.open(*this, now, std::exchange(connecting_, {}), std::exchange(tls_handshaking_, {}));
}

void Connection::remove(Call& call) {
  Call* const last = calls_.back();
  calls_[call.slot] = last;
  last->slot = call.slot;
  calls_.pop_back();
  if (state_ == State::kReady) channel_.on_room();
  if (state_ == State::kDraining && calls_.empty()) close({}, channel_.now());
}

void Connection::on_dialled(http::Dialled dialled) {
  const std::unique_ptr<http::Dial> done = std::move(dial_);
  stream_ = std::move(dialled.stream);
  connecting_ = dialled.connecting;
  tls_handshaking_ = dialled.tls_handshaking;
  if (channel_.settings().server->tls && stream_->protocol() != "h2") {
    stream_.reset();
    state_ = State::kOver;
    return channel_.on_dial_failed(
        *this, unavailable("the server does not agree on HTTP/2 (ALPN h2) over TLS"), dialled.at);
  }
  http2::ConnectionEvents& events = *this;
  http2_.emplace(settings_, *stream_, channel_.loop().clock(), turn_end_, events);
  stream_->hand_over(*this);
  channel_.deadlines().arm(*this, limits::kConnectTimeout, dialled.at);
}

void Connection::on_deadline() {
  fail(unavailable(fmt::format("the server has sent no HTTP/2 within {}",
                               format_duration(limits::kConnectTimeout))),
       channel_.now());
}

void Connection::on_dial_failed(http::Error error) {
  state_ = State::kOver;
  channel_.on_dial_failed(*this, unavailable(std::move(error.text)), channel_.now());
}

Status Connection::unavailable(std::string reason) const {
  return {Code::kUnavailable,
          fmt::format("connection to {}: {}", channel_.settings().server->host_header, reason)};
}

void Connection::on_read(std::string_view bytes, Instant at) {
  count_traffic();
  if (keepalive_) keepalive_->on_read();
  if (greeting_) {
    if (!greet(bytes, at)) return;
    bytes = greeting_->bytes();
  }
  if (!http2_->receive(bytes, at)) return fail(unavailable("what has come is not HTTP/2"), at);
  greeting_.reset();
}

bool Connection::greet(std::string_view bytes, Instant at) {
  if (!greeting_->take(bytes)) return false;
  const std::string fault = greeting_->fault();
  if (!fault.empty()) fail(unavailable(fault), at);
  return fault.empty();
}

void Connection::on_sent() {
  http2_->on_sent(channel_.loop().recent());
}

void Connection::on_closed(int error) {
  const Instant at = channel_.now();
  if (go_away_code_ && *go_away_code_ != http2::ErrorCode::kNoError) {
    return fail(why_closed(*go_away_code_), at);
  }
  std::string reason =
      error != 0 ? http::stream_error(error, *stream_).text : "closed by the server";
  if (state_ == State::kDialling) reason += ", before any HTTP/2 has come";
  if (state_ == State::kDialling && !channel_.settings().server->tls) {
    reason += " (if the server speaks TLS, leave out plaintext)";
  }
  fail(unavailable(std::move(reason)), at);
}

void Connection::on_settings() {
  if (state_ != State::kDialling) return channel_.on_room();
  disarm();
  state_ = State::kReady;
  if (channel_.settings().keepalive_time > Duration::zero()) {
    keepalive_ = std::make_unique<Keepalive>(*this);
    keepalive_->on_read();
  }
  channel_.on_ready(http2_->at());
}

void Connection::on_go_away(int32_t /*last_stream*/, http2::ErrorCode code,
                            std::string_view reason) {
  go_away_code_ = code;
  go_away_reason_ = shown(reason);
  if (state_ != State::kReady) return;
  state_ = State::kDraining;
  channel_.on_draining(*this);
  if (calls_.empty()) close({}, channel_.now());
}

Status Connection::why_closed(http2::ErrorCode code) const {
  if (!go_away_code_ || (code != http2::ErrorCode::kRefusedStream && code != *go_away_code_)) {
    return {};
  }
  return unavailable(
      fmt::format("ended by the server with GOAWAY (HTTP/2 error code {}{}){}",
                  static_cast<uint32_t>(*go_away_code_),
                  *go_away_code_ == http2::ErrorCode::kEnhanceYourCalm ? ", ENHANCE_YOUR_CALM" : "",
                  go_away_reason_));
}

void Connection::fail(const Status& status, Instant at) {
  if (state_ != State::kDialling) return close(status, at);
  disarm();
  state_ = State::kOver;
  channel_.on_dial_failed(*this, status, at);
}

void Connection::close(const Status& status, Instant at) {
  if (state_ == State::kOver) return;
  disarm();
  const bool spoken = state_ == State::kReady || state_ == State::kDraining;
  state_ = State::kOver;
  dial_.reset();
  keepalive_.reset();
  if (spoken) http2_->go_away(http2::ErrorCode::kNoError);
  channel_.on_over(*this);
  while (!calls_.empty()) {
    Call* const call = calls_.back();
    calls_.pop_back();
    call->on_lost(status, at);
  }
}

void Connection::on_turn_end() {
  if (state_ == State::kOver) return;
  http2_->flush();
  ++flushes_;
  count_traffic();
  if (http2_->over()) fail(unavailable("the server has broken HTTP/2"), channel_.now());
}

void Connection::count_traffic() {
  if (!stream_) return;
  const uint64_t sent = stream_->bytes_sent();
  const uint64_t received = stream_->bytes_received();
  channel_.traffic().sent += sent - std::exchange(counted_.sent, sent);
  channel_.traffic().received += received - std::exchange(counted_.received, received);
}

}  // namespace perigee::grpc
