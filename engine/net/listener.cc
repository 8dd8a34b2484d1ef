#include "engine/net/listener.h"

#include <cerrno>
#include <cstring>
#include <stdexcept>
#include <utility>

#include <fmt/format.h>
#include <sys/socket.h>
#include <unistd.h>
#include <uv.h>

#include "engine/loop/handle.h"

namespace perigee {
namespace {

constexpr int kBacklog = 4096;

// libuv 1.44 can't set SO_REUSEPORT before binding, so the socket is made here and handed over.
int bound_socket(const Address& address, bool shared) {
  const int fd = socket(address.v6() ? AF_INET6 : AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const int on = 1;
  const socklen_t size = address.v6() ? sizeof(sockaddr_in6) : sizeof(sockaddr_in);
  if (fd >= 0) setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  if (fd >= 0 && shared) setsockopt(fd, SOL_SOCKET, SO_REUSEPORT, &on, sizeof on);
  if (fd >= 0 && bind(fd, address.raw(), size) == 0) return fd;
  const int error = errno;
  if (fd >= 0) close(fd);
  throw std::runtime_error(
      fmt::format("cannot listen at {}: {}", address.text(), std::strerror(error)));
}

}  // namespace

Listener::Listener(Loop& loop, const Address& address, bool shared,
                   std::function<void()> on_connection)
    : loop_(loop), on_connection_(std::move(on_connection)), handle_(nullptr), address_(address) {
  const int fd = bound_socket(address, shared);
  handle_ = new uv_tcp_t;
  uv_tcp_init(loop.uv(), handle_);
  handle_->data = this;
  uv_tcp_open(handle_, fd);
  const int status = uv_listen(reinterpret_cast<uv_stream_t*>(handle_), kBacklog,
                               [](uv_stream_t* server, int error) {
                                 auto* self = static_cast<Listener*>(server->data);
                                 if (error == 0 && self != nullptr) self->on_connection_();
                               });
  if (status < 0) {
    CloseHandle()(handle_);
    throw std::runtime_error(
        fmt::format("cannot listen at {}: {}", address.text(), uv_strerror(status)));
  }
  sockaddr_storage bound{};
  int size = sizeof bound;
  uv_tcp_getsockname(handle_, reinterpret_cast<sockaddr*>(&bound), &size);
  address_ = Address::from(reinterpret_cast<sockaddr*>(&bound));
}

Listener::~Listener() {
  handle_->data = nullptr;
  CloseHandle()(handle_);
}

std::unique_ptr<TcpStream> Listener::accept(StreamEvents& events) {
  return TcpStream::accept(loop_, reinterpret_cast<uv_stream_t*>(handle_), events);
}

}  // namespace perigee
