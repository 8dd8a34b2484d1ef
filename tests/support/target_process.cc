#include "tests/support/target_process.h"

#include <cerrno>
#include <cstring>
#include <stdexcept>

#include <arpa/inet.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

namespace perigee {
namespace {

constexpr std::string_view kListening = "perigee serve: http on ";

std::vector<std::string> command(const std::vector<std::string>& options) {
  std::vector<std::string> words{perigee_program(), "serve", "--port", "0"};
  words.insert(words.end(), options.begin(), options.end());
  return words;
}

int connect_to(const std::string& address) {
  const size_t colon = address.rfind(':');
  sockaddr_in to{};
  to.sin_family = AF_INET;
  to.sin_port = htons(static_cast<uint16_t>(std::stoi(address.substr(colon + 1))));
  inet_pton(AF_INET, address.substr(0, colon).c_str(), &to.sin_addr);
  const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const timeval limit{.tv_sec = 20, .tv_usec = 0};
  setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
  if (connect(fd, reinterpret_cast<const sockaddr*>(&to), sizeof to) == 0) return fd;
  const std::string why = std::strerror(errno);
  close(fd);
  throw std::runtime_error(fmt::format("can't connect to the target at {}: {}", address, why));
}

// Everything the target answers until it closes the connection.
std::string ask(const std::string& address, const std::string& request) {
  const int fd = connect_to(address);
  std::string answer;
  if (send(fd, request.data(), request.size(), MSG_NOSIGNAL) ==
      static_cast<ssize_t>(request.size())) {
    char buffer[64 * 1024];
    ssize_t size = 0;
    while ((size = recv(fd, buffer, sizeof buffer, 0)) > 0) {
      answer.append(buffer, static_cast<size_t>(size));
    }
  }
  close(fd);
  return answer;
}

}  // namespace

TargetProcess::TargetProcess(const std::vector<std::string>& options)
    : process_(command(options)),
      address_(process_.wait_for_line(kListening).substr(kListening.size())) {}

nlohmann::json TargetProcess::stats(const std::string& route) const {
  return nlohmann::json::parse(get(route.empty() ? "/stats" : "/stats?route=" + route));
}

std::string TargetProcess::get(const std::string& path) const {
  const std::string answer =
      ask(address_,
          fmt::format("GET {} HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n\r\n", path, address_));
  const size_t head = answer.find("\r\n\r\n");
  if (head == std::string::npos || answer.compare(0, 12, "HTTP/1.1 200") != 0) {
    throw std::runtime_error(fmt::format("GET {}: the target answered \"{}\"", path, answer));
  }
  return answer.substr(head + 4);
}

}  // namespace perigee
