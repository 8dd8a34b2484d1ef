#include "engine/loop/signals.h"

#include <csignal>
#include <utility>

#include "engine/loop/handle.h"

namespace perigee {

struct Signals::Handles {
  UvPtr<uv_signal_t> interrupt{new uv_signal_t};
  UvPtr<uv_signal_t> terminate{new uv_signal_t};
};

Signals::Signals(Loop& loop, std::function<void(int)> callback)
    : callback_(std::move(callback)), handles_(std::make_unique<Handles>()) {
  const auto listen = [&](uv_signal_t* handle, int signal) {
    uv_signal_init(loop.uv(), handle);
    handle->data = this;
    uv_signal_start(
        handle,
        [](uv_signal_t* h, int number) { static_cast<Signals*>(h->data)->callback_(number); },
        signal);
    uv_unref(reinterpret_cast<uv_handle_t*>(handle));
  };
  listen(handles_->interrupt.get(), SIGINT);
  listen(handles_->terminate.get(), SIGTERM);
}

Signals::~Signals() = default;

}  // namespace perigee
