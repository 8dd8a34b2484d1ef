#include "engine/loop/loop.h"

#include <algorithm>
#include <csignal>
#include <stdexcept>
#include <utility>

#include <sys/timerfd.h>
#include <unistd.h>
#include <uv.h>

#include "engine/base/check.h"
#include "engine/loop/handle.h"

namespace perigee {
namespace {

// Each arming of the descriptor costs a system call and a wake-up, so below this distance arrivals
// are fired together. With less to do than that, every timer fires on its own instant.
constexpr Duration kTimerFloor = std::chrono::microseconds(100);

void require(int status, const char* what) {
  if (status < 0) throw std::runtime_error(std::string(what) + ": " + uv_strerror(status));
}

Loop* owner(void* handle) {
  return static_cast<Loop*>(static_cast<uv_handle_t*>(handle)->data);
}

}  // namespace

// Every handle of the loop's own; `data` of each points to the Loop.
struct Loop::Handles {
  Handles(Loop* loop, uv_loop_t* uv)
      : timer_fd(timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC)),
        wake(new uv_async_t),
        timer(new uv_poll_t),
        prepare(new uv_prepare_t),
        check(new uv_check_t),
        idle(new uv_idle_t) {
    if (timer_fd < 0) throw std::runtime_error("cannot create a timer descriptor");
    require(uv_async_init(uv, wake.get(), [](uv_async_t* h) { owner(h)->deliver(); }), "uv_async");
    require(uv_poll_init(uv, timer.get(), timer_fd), "uv_poll");
    require(uv_prepare_init(uv, prepare.get()), "uv_prepare");
    require(uv_check_init(uv, check.get()), "uv_check");
    require(uv_idle_init(uv, idle.get()), "uv_idle");
    wake->data = timer->data = prepare->data = check->data = loop;
    // The descriptor only ends the poll; what is due runs after it, and arming it anew clears it.
    uv_poll_start(timer.get(), UV_READABLE, [](uv_poll_t*, int, int) {});
    uv_prepare_start(prepare.get(), [](uv_prepare_t* h) { owner(h)->before_poll(); });
    uv_check_start(check.get(), [](uv_check_t* h) { owner(h)->after_poll(); });
  }
  ~Handles() {
    uv_poll_stop(timer.get());
    close(timer_fd);
  }
  Handles(const Handles&) = delete;
  Handles& operator=(const Handles&) = delete;

  int timer_fd;
  UvPtr<uv_async_t> wake;
  UvPtr<uv_poll_t> timer;
  UvPtr<uv_prepare_t> prepare;
  UvPtr<uv_check_t> check;
  UvPtr<uv_idle_t> idle;
};

Loop::Loop() : loop_(std::make_unique<uv_loop_t>()) {
  // A write to a connection that its peer has closed is an error, not the end of the program.
  std::signal(SIGPIPE, SIG_IGN);
  require(uv_loop_init(loop_.get()), "uv_loop_init");
  handles_ = std::make_unique<Handles>(this, loop_.get());
}

Loop::~Loop() {
  handles_.reset();
  // Runs the close callbacks.
  while (uv_run(loop_.get(), UV_RUN_NOWAIT) != 0 && !awaits_system()) {
  }
  if (awaits_system()) {
    static_cast<void>(loop_.release());
    return;
  }
  PERIGEE_CHECK(uv_loop_close(loop_.get()) == 0);
}

bool Loop::awaits_system() const {
  return loop_->active_reqs.count > 0;
}

void Loop::run() {
  uv_run(loop_.get(), UV_RUN_DEFAULT);
}

void Loop::run_once() {
  uv_run(loop_.get(), UV_RUN_ONCE);
  turn_ends_.run();
}

void Loop::stop() {
  uv_stop(loop_.get());
}

void Loop::post(Task task) {
  {
    const std::lock_guard lock(mutex_);
    inbox_.push_back(std::move(task));
  }
  uv_async_send(handles_->wake.get());
}

void Loop::deliver() {
  {
    const std::lock_guard lock(mutex_);
    delivering_.swap(inbox_);
  }
  for (Task& task : delivering_)
    task();
  delivering_.clear();
}

void Loop::before_poll() {
  turn_ends_.run();
  const auto next = timers_.next();
  // What is due already waits for no descriptor: an idle handle keeps the poll from blocking.
  const bool at_once = !turn_ends_.empty() || (next && *next <= clock_.now());
  if (at_once) uv_idle_start(handles_->idle.get(), [](uv_idle_t*) {});
  const Instant due = next ? std::max(*next, last_fired_ + kTimerFloor) : Instant{};
  if (at_once || due == armed_) return;
  armed_ = due;
  const auto ns = due.time_since_epoch().count();
  itimerspec spec{};
  spec.it_value.tv_sec = ns / 1'000'000'000;
  spec.it_value.tv_nsec = ns % 1'000'000'000;
  timerfd_settime(handles_->timer_fd, TFD_TIMER_ABSTIME, &spec, nullptr);
}

void Loop::after_poll() {
  uv_idle_stop(handles_->idle.get());
  if (timers_.empty()) return;
  const Instant now = clock_.now();
  if (*timers_.next() > now) return;
  last_fired_ = now;
  lag_ = std::max(lag_, now - *timers_.next());
  timers_.run_due(now);
  armed_ = Instant{Duration(-1)};  // the descriptor may have fired: arm it anew
}

}  // namespace perigee
