#include "tests/support/raw_server.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <stdexcept>

#include <arpa/inet.h>
#include <fmt/format.h>
#include <linux/sockios.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "engine/net/address.h"

namespace perigee {
namespace {

constexpr std::chrono::seconds kPatience{20};

// Where a request ends in `bytes`; nothing before it has come whole.
size_t request_end(std::string_view bytes) {
  const size_t head_end = bytes.find("\r\n\r\n");
  if (head_end == std::string_view::npos) return std::string_view::npos;
  if (bytes.substr(0, head_end).find("Transfer-Encoding: chunked") != std::string_view::npos) {
    constexpr std::string_view kLast = "\r\n0\r\n\r\n";
    const size_t last = bytes.find(kLast, head_end + 2);
    return last == std::string_view::npos ? last : last + kLast.size();
  }
  size_t body = 0;
  const size_t length = bytes.substr(0, head_end).find("Content-Length: ");
  if (length != std::string_view::npos) {
    std::from_chars(bytes.data() + length + 16, bytes.data() + head_end, body);
  }
  const size_t end = head_end + 4 + body;
  return end <= bytes.size() ? end : std::string_view::npos;
}

bool awaits_acknowledgement(int fd) {
  int unacknowledged = 0;
  pollfd broken{.fd = fd, .events = 0, .revents = 0};
  return ioctl(fd, SIOCOUTQ, &unacknowledged) == 0 && unacknowledged > 0 &&
         poll(&broken, 1, 0) == 0;
}

// Returns when the peer's kernel has all of it, so that the next bytes make a segment of their own.
void send_all(int fd, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t size = ::send(fd, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (size <= 0) return;
    bytes.remove_prefix(static_cast<size_t>(size));
  }
  const auto patience = std::chrono::steady_clock::now() + kPatience;
  while (awaits_acknowledgement(fd) && std::chrono::steady_clock::now() < patience) {
    std::this_thread::yield();
  }
}

// Closing with this set sends a reset.
void set_reset_on_close(int fd) {
  const linger now{.l_onoff = 1, .l_linger = 0};
  setsockopt(fd, SOL_SOCKET, SO_LINGER, &now, sizeof now);
}

}  // namespace

struct RawServer::Connection {
  int fd;
  std::unique_ptr<RawTls> tls;
  std::string unread;

  bool read() { return tls ? tls->read(unread) : receive(fd, unread); }
};

RawServer::RawServer(std::vector<Script> scripts, const char* ip)
    : RawServer(std::move(scripts), ip, std::nullopt) {}

RawServer::RawServer(std::vector<Script> scripts, RawTlsOptions tls)
    : RawServer(std::move(scripts), "127.0.0.1", std::move(tls)) {}

RawServer::RawServer(std::vector<Script> scripts, const char* ip, std::optional<RawTlsOptions> tls)
    : scripts_(std::move(scripts)), tls_(std::move(tls)), ip_(ip) {
  const Address any = *Address::parse(ip, 0);
  listener_ = socket(any.v6() ? AF_INET6 : AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_storage bound{};
  auto* bound_address = reinterpret_cast<sockaddr*>(&bound);
  socklen_t size = any.v6() ? sizeof(sockaddr_in6) : sizeof(sockaddr_in);
  if (bind(listener_, any.raw(), size) != 0 || listen(listener_, 128) != 0 ||
      getsockname(listener_, bound_address, &size) != 0) {
    throw std::runtime_error(fmt::format("cannot listen at {}", ip));
  }
  port_ = Address::from(bound_address).port();
  acceptor_ = std::thread([this] { accept_all(); });
}

RawServer::~RawServer() {
  {
    const std::lock_guard lock(mutex_);
    ending_ = true;
    for (const int fd : open_)
      shutdown(fd, SHUT_RDWR);
    changed_.notify_all();
  }
  shutdown(listener_, SHUT_RDWR);
  acceptor_.join();
  for (std::thread& player : players_)
    player.join();
  close(listener_);
}

std::string RawServer::url(std::string_view path) const {
  return fmt::format("{}://{}{}", tls_ ? "https" : "http", Address::parse(ip_, port_)->text(),
                     path);
}

std::vector<std::string> RawServer::server_names() const {
  const std::lock_guard lock(mutex_);
  return server_names_;
}

std::vector<std::string> RawServer::peers() const {
  const std::lock_guard lock(mutex_);
  return peers_;
}

size_t RawServer::connections() const {
  const std::lock_guard lock(mutex_);
  return players_.size();
}

std::vector<std::string> RawServer::requests() const {
  const std::lock_guard lock(mutex_);
  return requests_;
}

bool RawServer::wait_for_connections(size_t count) {
  std::unique_lock lock(mutex_);
  return changed_.wait_for(lock, kPatience, [&] { return players_.size() >= count; });
}

bool RawServer::wait_for_requests(size_t count) {
  std::unique_lock lock(mutex_);
  return changed_.wait_for(lock, kPatience, [&] { return requests_.size() >= count; });
}

bool RawServer::wait_for_closes(size_t count) {
  std::unique_lock lock(mutex_);
  return changed_.wait_for(lock, kPatience, [&] { return closes_ >= count; });
}

void RawServer::open_gate() {
  const std::lock_guard lock(mutex_);
  gate_open_ = true;
  changed_.notify_all();
}

void RawServer::accept_all() {
  for (;;) {
    sockaddr_storage peer{};
    socklen_t size = sizeof peer;
    const int fd = accept4(listener_, reinterpret_cast<sockaddr*>(&peer), &size, SOCK_CLOEXEC);
    if (fd < 0) return;
    const int on = 1;
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    const std::lock_guard lock(mutex_);
    if (ending_) {
      close(fd);
      return;
    }
    open_.push_back(fd);
    peers_.push_back(Address::from(reinterpret_cast<const sockaddr*>(&peer)).ip());
    const Script& script = scripts_[std::min(players_.size(), scripts_.size() - 1)];
    players_.emplace_back([this, fd, &script] { play(fd, script); });
    changed_.notify_all();
  }
}

void RawServer::play(int fd, const Script& script) {
  Connection connection{.fd = fd, .tls = nullptr, .unread = {}};
  if (!tls_ || !tls_->at_once || shake_hands(connection)) {
    for (const Step& step : script) {
      if (!play_step(connection, step)) break;
    }
  }
  const std::lock_guard lock(mutex_);
  std::erase(open_, fd);
  close(fd);
  ++closes_;
  changed_.notify_all();
}

bool RawServer::shake_hands(Connection& connection) {
  connection.tls = std::make_unique<RawTls>(*tls_, connection.fd, std::move(connection.tls));
  const bool done = connection.tls->accept();
  const std::lock_guard lock(mutex_);
  server_names_.push_back(connection.tls->server_name());
  return done;
}

bool RawServer::play_step(Connection& connection, const Step& step) {
  switch (step.kind) {
    case Step::Kind::kRequest:
      return read_request(connection, request_end);
    case Step::Kind::kRead:
      return read_request(connection, step.end);
    case Step::Kind::kSend:
      if (connection.tls) return connection.tls->send(step.bytes);
      send_all(connection.fd, step.bytes);
      return true;
    case Step::Kind::kGate:
      pass_gate();
      return true;
    case Step::Kind::kHalfClose:
      return shutdown(connection.fd, SHUT_WR) == 0;
    case Step::Kind::kHang:
      while (connection.read())
        connection.unread.clear();
      return false;
    case Step::Kind::kHangUp:
      return false;
    case Step::Kind::kReset:
      set_reset_on_close(connection.fd);
      return false;
    default:
      return play_tls_step(connection, step);
  }
}

bool RawServer::play_tls_step(Connection& connection, const Step& step) {
  switch (step.kind) {
    case Step::Kind::kSendPlain:
      send_all(connection.fd, step.bytes);
      return true;
    case Step::Kind::kBeginTls:
      return shake_hands(connection);
    case Step::Kind::kEndTls:
      connection.tls->close();
      return true;
    case Step::Kind::kRenegotiate:
      connection.tls->ask_to_renegotiate();
      return true;
    default:
      return false;
  }
}

bool RawServer::read_request(Connection& connection, const EndOf& end_of) {
  std::string& unread = connection.unread;
  while (end_of(unread) == std::string::npos) {
    if (!connection.read()) return false;
  }
  const size_t end = end_of(unread);
  const std::lock_guard lock(mutex_);
  requests_.push_back(unread.substr(0, end));
  unread.erase(0, end);
  changed_.notify_all();
  return true;
}

void RawServer::pass_gate() {
  std::unique_lock lock(mutex_);
  changed_.wait_for(lock, kPatience, [&] { return gate_open_ || ending_; });
}

}  // namespace perigee
