#include "engine/loop/readable.h"

#include <stdexcept>
#include <utility>

#include "engine/loop/handle.h"

namespace perigee {

struct Readable::Handle {
  UvPtr<uv_poll_t> poll;
};

Readable::Readable(Loop& loop, int fd, std::function<void()> callback)
    : callback_(std::move(callback)), handle_(std::make_unique<Handle>()) {
  auto poll = std::make_unique<uv_poll_t>();
  const int status = uv_poll_init(loop.uv(), poll.get(), fd);
  if (status != 0) throw std::runtime_error(uv_strerror(status));
  poll->data = this;
  handle_->poll.reset(poll.release());
  uv_poll_start(handle_->poll.get(), UV_READABLE, [](uv_poll_t* handle, int, int) {
    static_cast<Readable*>(handle->data)->callback_();
  });
}

Readable::~Readable() {
  uv_poll_stop(handle_->poll.get());
}

}  // namespace perigee
