#include "tests/engine/websocket/wire_server.h"

#include <algorithm>
#include <array>
#include <deque>
#include <utility>

#include <doctest/doctest.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include "engine/http/header_fields.h"
#include "engine/websocket/handshake.h"
#include "engine/websocket/message_reader.h"

namespace perigee::websocket {

std::string frame(unsigned first, std::string_view payload) {
  std::string bytes(1, static_cast<char>(first));
  const size_t size = payload.size();
  if (size < 126) {
    bytes += static_cast<char>(size);
  } else {
    const int length_bytes = size < 65536 ? 2 : 8;
    bytes += static_cast<char>(size < 65536 ? 126 : 127);
    for (int i = length_bytes - 1; i >= 0; --i)
      bytes += static_cast<char>(size >> (8 * i) & 0xff);
  }
  return bytes.append(payload);
}

std::string close_frame(unsigned code, std::string_view reason) {
  std::string payload{static_cast<char>(code >> 8), static_cast<char>(code & 0xff)};
  return frame(0x88, payload.append(reason));
}

WireServer::WireServer(WirePlay play)
    : play_(std::move(play)), listener_(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  REQUIRE(bind(listener_, reinterpret_cast<sockaddr*>(&address), size) == 0);
  REQUIRE(listen(listener_, 1) == 0);
  REQUIRE(getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size) == 0);
  port_ = ntohs(address.sin_port);
  thread_ = std::thread([this] { serve(); });
}

WireServer::~WireServer() {
  shutdown(listener_, SHUT_RDWR);
  if (thread_.joinable()) thread_.join();
  close(listener_);
}

std::string WireServer::url() const {
  return "http://127.0.0.1:" + std::to_string(port_) + "/";
}

const WireRecord& WireServer::record() {
  if (thread_.joinable()) thread_.join();
  return record_;
}

void WireServer::serve() {
  const int fd = accept(listener_, nullptr, nullptr);
  if (fd < 0) return;
  const int on = 1;
  setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  read_request(fd);
  const auto key = http::find_field(record_.request, "Sec-WebSocket-Key");
  std::string answer =
      !play_.answer.empty()
          ? play_.answer
          : "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            "Sec-WebSocket-Accept: " +
                accept_key(key.value_or("")) + "\r\n" + play_.fields + "\r\n";
  if (play_.piece == 0) answer += play_.frames;
  send_all(fd, answer);
  for (size_t at = 0; play_.piece > 0 && at < play_.frames.size(); at += play_.piece)
    send_all(fd, std::string_view(play_.frames).substr(at, play_.piece));
  if (play_.half_closes) shutdown(fd, SHUT_WR);
  if (!play_.hangs_up) read_frames(fd);
  close(fd);
}

void WireServer::read_request(int fd) {
  char byte = 0;
  while (!record_.request.ends_with("\r\n\r\n") && recv(fd, &byte, 1, 0) == 1)
    record_.request += byte;
}

// A client that has seen enough may have closed the connection.
void WireServer::send_all(int fd, std::string_view bytes) const {
  while (!bytes.empty()) {
    const ssize_t sent = send(fd, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent <= 0) return;
    bytes.remove_prefix(static_cast<size_t>(sent));
  }
}

void WireServer::read_frames(int fd) {
  CodecPool pool(9);
  std::string ignored;
  std::optional<DeflateParameters> agreed;
  if (!play_.fields.empty())
    agreed = read_deflate_answer(
        http::find_field(play_.fields, "Sec-WebSocket-Extensions").value_or(""),
        {.server_no_context_takeover = false, .client_no_context_takeover = false}, ignored);
  MessageReader reader(pool, Role::kServer, size_t{1} << 30, agreed);
  std::deque<Incoming> all;
  std::array<char, 65536> buffer{};
  bool sent_all = false;
  bool begun_by_us = false;
  for (;;) {
    if (!sent_all && record_.messages.size() + record_.pongs.size() >= play_.answers) {
      sent_all = true;
      send_all(fd, play_.then);
      begun_by_us = !play_.then.empty();
    }
    const ssize_t size = recv(fd, buffer.data(), buffer.size(), 0);
    if (size <= 0) break;
    reader.feed({buffer.data(), static_cast<size_t>(size)}, {}, all);
    for (; !all.empty(); all.pop_front())
      take(fd, all.front(), begun_by_us);
  }
  record_.violation = reader.violation().text;
}

void WireServer::take(int fd, Incoming& incoming, bool& begun_by_us) {
  if (incoming.opcode == Opcode::kPing) {
    record_.pings.push_back(incoming.payload);
    send_all(fd, frame(0x8a, incoming.payload));
  } else if (incoming.opcode == Opcode::kPong) {
    record_.pongs.push_back(incoming.payload);
  } else if (incoming.opcode != Opcode::kClose) {
    record_.messages.push_back(std::move(incoming.payload));
  } else {
    record_.close = incoming.code;
    if (!std::exchange(begun_by_us, true)) send_all(fd, close_frame(1000));
    shutdown(fd, SHUT_WR);
  }
}

}  // namespace perigee::websocket
