#include "engine/net/tcp_stream.h"

#include <array>
#include <cerrno>
#include <utility>

#include <poll.h>
#include <sys/socket.h>
#include <uv.h>

#include "engine/loop/handle.h"
#include "engine/net/acknowledged.h"
#include "engine/net/local_addresses.h"

namespace perigee {
namespace {

constexpr size_t kReadBuffer = 64 * 1024;
// Seconds of silence after which the kernel asks whether the peer is still there, as in k6.
constexpr unsigned kKeepAlive = 30;

// What is read is parsed before the next read, so one buffer per thread serves every connection.
void allocate(uv_handle_t*, size_t, uv_buf_t* buffer) {
  thread_local const std::unique_ptr<char[]> shared(new char[kReadBuffer]);
  *buffer = uv_buf_init(shared.get(), kReadBuffer);
}

uv_buf_t as_buffer(std::string_view bytes) {
  return uv_buf_init(const_cast<char*>(bytes.data()), static_cast<unsigned>(bytes.size()));
}

uv_stream_t* as_stream(uv_tcp_t* handle) {
  return reinterpret_cast<uv_stream_t*>(handle);
}

int descriptor_of(const uv_stream_t* handle) {
  uv_os_fd_t fd = -1;
  return uv_fileno(reinterpret_cast<const uv_handle_t*>(handle), &fd) == 0 ? fd : -1;
}

// libuv calls a reset that comes together with the last bytes an end of the stream.
int pending_error(const uv_stream_t* handle) {
  int error = 0;
  socklen_t size = sizeof error;
  getsockopt(descriptor_of(handle), SOL_SOCKET, SO_ERROR, &error, &size);
  return error;
}

}  // namespace

// One uv_write in flight. It outlives the stream when that is closed meanwhile.
struct TcpStream::PendingWrite {
  uv_write_t request{};
  size_t bytes = 0;
};

struct TcpStream::Events {
  static TcpStream* stream(void* handle) {
    return static_cast<TcpStream*>(static_cast<uv_handle_t*>(handle)->data);
  }

  static void connected(uv_connect_t* request, int status) {
    TcpStream* self = stream(request->handle);
    delete request;
    if (self == nullptr) return;
    if (status < 0) {
      self->events_->on_closed(-status);
      return;
    }
    self->resume_reading();
    self->events_->on_connected();
  }

  static void read(uv_stream_t* handle, ssize_t size, const uv_buf_t* buffer) {
    TcpStream* self = stream(handle);
    if (self == nullptr || size == 0) return;
    if (size < 0) {
      self->end_reading(size == UV_EOF ? pending_error(handle) : static_cast<int>(-size));
      return;
    }
    self->bytes_received_ += static_cast<uint64_t>(size);
    self->events_->on_read({buffer->base, static_cast<size_t>(size)}, self->loop_.now());
  }

  static void written(uv_write_t* request, int status) {
    const std::unique_ptr<PendingWrite> write(static_cast<PendingWrite*>(request->data));
    TcpStream* self = stream(request->handle);
    if (self == nullptr) return;
    if (status < 0) {
      self->fail_write(-status);
      return;
    }
    self->bytes_sent_ += write->bytes;
    self->events_->on_sent();
  }
};

TcpStream::TcpStream(Loop& loop, StreamEvents& events)
    : loop_(loop), events_(&events), handle_(new uv_tcp_t) {
  uv_tcp_init(loop.uv(), handle_);
  handle_->data = this;
}

TcpStream::~TcpStream() {
  handle_->data = nullptr;
  if (reset_) {
    const linger now{.l_onoff = 1, .l_linger = 0};
    setsockopt(descriptor(), SOL_SOCKET, SO_LINGER, &now, sizeof now);
  }
  CloseHandle()(handle_);
}

std::unique_ptr<TcpStream> TcpStream::connect(Loop& loop, const Address& peer, StreamEvents& events,
                                              const Address& local) {
  std::unique_ptr<TcpStream> stream(new TcpStream(loop, events));
  stream->peer_ = peer;
  int error = local.empty() ? 0 : stream->bind_to(local);
  if (error == 0) error = stream->begin_connect();
  if (error != 0) stream->fail_soon(error);
  return stream;
}

int TcpStream::bind_to(const Address& local) {
  const int fd = open_bound_socket(local);
  return fd < 0 ? -fd : -uv_tcp_open(handle_, fd);
}

int TcpStream::begin_connect() {
  auto* request = new uv_connect_t;
  const int status = uv_tcp_connect(request, handle_, peer_.raw(), Events::connected);
  if (status < 0) {
    delete request;
    return -status;
  }
  uv_tcp_nodelay(handle_, 1);
  uv_tcp_keepalive(handle_, 1, kKeepAlive);
  return 0;
}

void TcpStream::fail_soon(int error) {
  failure_ = std::make_unique<Timer>(loop_.timers(), [this, error] {
    write_error_ = 0;
    events_->on_closed(error);
  });
  failure_->start(loop_.now());
}

std::unique_ptr<TcpStream> TcpStream::accept(Loop& loop, uv_stream_s* listener,
                                             StreamEvents& events) {
  std::unique_ptr<TcpStream> stream(new TcpStream(loop, events));
  if (uv_accept(listener, as_stream(stream->handle_)) < 0) return nullptr;
  uv_tcp_nodelay(stream->handle_, 1);
  sockaddr_storage address{};
  int size = sizeof address;
  if (uv_tcp_getpeername(stream->handle_, reinterpret_cast<sockaddr*>(&address), &size) == 0) {
    stream->peer_ = Address::from(reinterpret_cast<sockaddr*>(&address));
  }
  stream->resume_reading();
  return stream;
}

// What the peer had sent before it closed the connection may still be unread, the response to a
// request that it did not want to read to its end for one. The end of the reading is behind it.
void TcpStream::fail_write(int error) {
  const bool closed_by_peer = error == EPIPE || error == ECONNRESET;
  if (!closed_by_peer || !reading_) return events_->on_closed(error);
  write_error_ = error;
}

void TcpStream::end_reading(int error) {
  reading_ = false;
  uv_read_stop(as_stream(handle_));
  const int written = std::exchange(write_error_, 0);
  events_->on_closed(written != 0 ? written : error);
}

void TcpStream::pause_reading() {
  reading_ = false;
  uv_read_stop(as_stream(handle_));
  if (write_error_ != 0) fail_soon(write_error_);
}

void TcpStream::resume_reading() {
  reading_ = true;
  failure_.reset();
  uv_read_start(as_stream(handle_), allocate, Events::read);
}

int TcpStream::descriptor() const {
  return descriptor_of(as_stream(handle_));
}

bool TcpStream::peer_closed() const {
  pollfd socket{.fd = descriptor(), .events = POLLRDHUP, .revents = 0};
  return poll(&socket, 1, 0) != 0;
}

bool TcpStream::untaken_since(uint64_t mark) const {
  const auto taken = acknowledged_bytes(descriptor());
  return taken && *taken <= mark;
}

bool TcpStream::write(std::string_view head, std::string_view body) {
  std::array<uv_buf_t, 2> buffers{as_buffer(head), as_buffer(body)};
  const unsigned count = body.empty() ? 1 : 2;
  const int sent = uv_try_write(as_stream(handle_), buffers.data(), count);
  size_t done = sent > 0 ? static_cast<size_t>(sent) : 0;
  bytes_sent_ += done;
  const size_t total = head.size() + body.size();
  if (done == total) return true;

  const std::string_view rest_of_head = head.substr(std::min(done, head.size()));
  const std::string_view rest_of_body = body.substr(done - (head.size() - rest_of_head.size()));
  buffers = {as_buffer(rest_of_head), as_buffer(rest_of_body)};
  auto* pending = new PendingWrite{.request = {}, .bytes = total - done};
  pending->request.data = pending;
  // A failure of the kernel reaches `written`: libuv queues the write even when it fails at once.
  // It refuses one on a connection whose end has been read and told.
  if (uv_write(&pending->request, as_stream(handle_), buffers.data(), 2, Events::written) < 0) {
    delete pending;
  }
  return false;
}

}  // namespace perigee
