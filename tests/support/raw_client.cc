#include "tests/support/raw_client.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <cerrno>
#include <cstring>
#include <stdexcept>
#include <utility>

#include <arpa/inet.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

namespace perigee {
namespace {

constexpr timeval kPatience{.tv_sec = 20, .tv_usec = 0};

[[noreturn]] void fail(const char* what) {
  throw std::runtime_error(fmt::format("{}: {}", what, std::strerror(errno)));
}

std::string lower(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return text;
}

RawAnswer parse_head(std::string_view head) {
  RawAnswer answer;
  const size_t line_end = head.find("\r\n");
  answer.status = std::stoi(std::string(head.substr(9, 3)));
  answer.reason = head.substr(13, line_end - 13);
  for (size_t at = line_end + 2; at < head.size();) {
    const size_t end = head.find("\r\n", at);
    const size_t colon = head.find(": ", at);
    answer.headers[lower(std::string(head.substr(at, colon - at)))] =
        head.substr(colon + 2, end - colon - 2);
    at = end + 2;
  }
  return answer;
}

}  // namespace

RawClient::RawClient(uint16_t port) : fd_(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  setsockopt(fd_, SOL_SOCKET, SO_RCVTIMEO, &kPatience, sizeof kPatience);
  setsockopt(fd_, SOL_SOCKET, SO_SNDTIMEO, &kPatience, sizeof kPatience);
  if (connect(fd_, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0) fail("connect");
}

RawClient::~RawClient() {
  close(fd_);
}

void RawClient::send(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t sent = ::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent < 0) fail("send");
    bytes.remove_prefix(static_cast<size_t>(sent));
  }
}

// False if the server has closed the connection.
bool RawClient::fill() {
  std::array<char, 65536> buffer;
  const ssize_t size = recv(fd_, buffer.data(), buffer.size(), 0);
  if (size < 0) fail("recv");
  unread_.append(buffer.data(), static_cast<size_t>(size));
  return size > 0;
}

RawAnswer RawClient::read_head() {
  size_t end = 0;
  while ((end = unread_.find("\r\n\r\n")) == std::string::npos) {
    if (!fill()) throw std::runtime_error("the connection was closed before an answer: " + unread_);
  }
  RawAnswer answer = parse_head(std::string_view(unread_).substr(0, end + 2));
  unread_.erase(0, end + 4);
  return answer;
}

void RawClient::half_close() {
  if (shutdown(fd_, SHUT_WR) != 0) fail("shutdown");
}

RawAnswer RawClient::read_answer() {
  RawAnswer answer = read_head();
  if (answer.headers.contains("transfer-encoding")) {
    while (const size_t size = read_chunk_size()) {
      answer.body += take(size);
      take(2);
    }
    take(2);
    return answer;
  }
  const auto length = answer.headers.find("content-length");
  answer.body = take(length == answer.headers.end() ? 0 : std::stoul(length->second));
  return answer;
}

size_t RawClient::read_chunk_size() {
  size_t end = 0;
  while ((end = unread_.find("\r\n")) == std::string::npos) {
    if (!fill()) throw std::runtime_error("the connection was closed between two chunks");
  }
  return std::stoul(take(end + 2), nullptr, 16);
}

std::string RawClient::take(size_t size) {
  while (unread_.size() < size) {
    if (!fill()) throw std::runtime_error("the connection was closed in the middle of a body");
  }
  const std::string bytes = unread_.substr(0, size);
  unread_.erase(0, size);
  return bytes;
}

std::string RawClient::read_some() {
  if (unread_.empty()) fill();
  return std::exchange(unread_, {});
}

std::string RawClient::read_to_end() {
  while (fill()) {
  }
  return std::move(unread_);
}

bool RawClient::is_reset() {
  char byte = 0;
  return unread_.empty() && recv(fd_, &byte, 1, 0) < 0 && errno == ECONNRESET;
}

bool RawClient::silent() {
  char byte = 0;
  return unread_.empty() && recv(fd_, &byte, 1, MSG_PEEK | MSG_DONTWAIT) < 0 && errno == EAGAIN;
}

RawAnswer RawClient::get(std::string_view target) {
  send(fmt::format("GET {} HTTP/1.1\r\nHost: test\r\n\r\n", target));
  return read_answer();
}

RawAnswer RawClient::post(std::string_view target, std::string_view body, std::string_view fields) {
  send(fmt::format("POST {} HTTP/1.1\r\nHost: test\r\n{}Content-Length: {}\r\n\r\n{}", target,
                   fields, body.size(), body));
  return read_answer();
}

}  // namespace perigee
