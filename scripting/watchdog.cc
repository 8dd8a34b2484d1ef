// Debian builds LuaJIT without hook checks in compiled code, so a count hook alone stops only
// interpreted loops. What reaches compiled ones is the profiler: code compiled while a state's
// profiling mode is "l" checks a flag on every line. LuaJIT has one profiler per process, and it
// must not really run; so a dummy state holds it. To stop a script the dummy lets go, the stuck
// thread itself takes the profiler in a signal handler, sets a hook that raises an error, and
// triggers the profiler once: that makes the compiled code leave for the interpreter, where the
// hook is waiting. This rests on an order that LuaJIT does not document; a test keeps watch over
// it.
#include "scripting/watchdog.h"

#include <algorithm>
#include <csignal>

#include <fmt/format.h>
#include <unistd.h>

#include "engine/base/duration.h"
#include "scripting/binding.h"

namespace perigee {
namespace {

constexpr const char* kNever = "i1000000000";  // an interval in ms that no run reaches
constexpr int kStopSignal = SIGUSR1;
constexpr int kScriptFailure = 107;

// What the signal handler works on: the state that runs on this thread.
thread_local lua_State* stuck_state = nullptr;
thread_local int stop_signals = 0;

void no_samples(void*, lua_State*, int, int) {}

void raise_error(lua_State* L, lua_Debug*) {
  push_position(L);
  lua_pushliteral(L,
                  "stopped: the script ran too long without waiting for anything (an endless "
                  "loop?); --no-yield-limit sets how long it may");
  lua_concat(L, 2);
  lua_error(L);
}

void set_sigprof(bool blocked) {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGPROF);
  pthread_sigmask(blocked ? SIG_BLOCK : SIG_UNBLOCK, &set, nullptr);
}

// The last resort: not safe in a signal handler, but the process ends here anyway.
[[noreturn]] void give_up() {
  lua_Debug frame{};
  std::string where = "an unknown line";
  for (int level = 0; lua_getstack(stuck_state, level, &frame) != 0; ++level) {
    lua_getinfo(stuck_state, "Sl", &frame);
    if (frame.currentline <= 0) continue;
    where = fmt::format("{}:{}", static_cast<const char*>(frame.short_src), frame.currentline);
    break;
  }
  const std::string text = fmt::format(
      "perigee: the script does not come back and cannot be stopped; it was last seen at {}\n",
      where);
  [[maybe_unused]] const ssize_t ignored = write(STDERR_FILENO, text.data(), text.size());
  _exit(kScriptFailure);
}

void on_stop_signal(int, siginfo_t*, void* context) {
  if (stuck_state == nullptr) return;
  if (++stop_signals > 1) give_up();
  // The hook first: an error raised before it is set would leave the profiler's flag behind.
  lua_sethook(stuck_state, raise_error, LUA_MASKCOUNT, 1);
  luaJIT_profile_start(stuck_state, kNever, no_samples, nullptr);
  sigdelset(&static_cast<ucontext_t*>(context)->uc_sigmask, SIGPROF);
  set_sigprof(/*blocked=*/false);
  raise(SIGPROF);
}

}  // namespace

Watched::Watched(Watchdog& watchdog, lua_State* L)
    : watchdog_(watchdog), L_(L), thread_(pthread_self()) {
  if (!watchdog_.watching()) return;
  set_sigprof(/*blocked=*/true);
  stuck_state = L;
  luaJIT_profile_start(L, "l", no_samples, nullptr);
  watchdog_.add(this);
}

Watched::~Watched() {
  if (!watchdog_.watching()) return;
  watchdog_.remove(this);
  stuck_state = nullptr;
}

// Back to how it was before the script was stopped.
void Watched::recover() {
  const std::lock_guard lock(watchdog_.mutex_);
  set_sigprof(/*blocked=*/true);
  lua_sethook(L_, nullptr, 0, 0);
  luaJIT_profile_stop(L_);
  watchdog_.hold_profiler();
  luaJIT_profile_start(L_, "l", no_samples, nullptr);
  stop_signals = 0;
  stopping_ = false;
}

Watchdog::Watchdog(Duration limit) : limit_(limit) {
  if (!watching()) return;
  set_sigprof(/*blocked=*/true);  // inherited by every thread made from here on
  dummy_ = make_lua_state(/*jit=*/true);
  hold_profiler();
  struct sigaction action {};
  action.sa_sigaction = on_stop_signal;
  action.sa_flags = SA_SIGINFO | SA_RESTART;
  sigaction(kStopSignal, &action, nullptr);
  thread_ = std::thread([this] { run(); });
}

Watchdog::~Watchdog() {
  if (!thread_.joinable()) return;
  {
    const std::lock_guard lock(mutex_);
    ending_ = true;
  }
  changed_.notify_all();
  thread_.join();
  release_profiler();
}

void Watchdog::hold_profiler() {
  luaJIT_profile_start(dummy_.get(), kNever, no_samples, nullptr);
}

void Watchdog::release_profiler() {
  luaJIT_profile_stop(dummy_.get());
}

void Watchdog::add(Watched* watched) {
  const std::lock_guard lock(mutex_);
  watched_.push_back(watched);
}

void Watchdog::remove(Watched* watched) {
  const std::lock_guard lock(mutex_);
  watched_.erase(std::find(watched_.begin(), watched_.end(), watched));
}

void Watchdog::run() {
  std::unique_lock lock(mutex_);
  while (!ending_) {
    changed_.wait_for(lock, limit_ / 8);
    const Instant now = std::chrono::steady_clock::now();
    for (Watched* watched : watched_)
      check(*watched, now);
  }
}

void Watchdog::check(Watched& watched, Instant now) {
  const uint64_t turn = watched.turn_.load(std::memory_order_relaxed);
  if (turn != watched.seen_turn_ || turn % 2 == 0) {
    watched.seen_turn_ = turn;
    watched.seen_at_ = now;
    return;
  }
  if (now - watched.seen_at_ < limit_) return;
  watched.seen_at_ = now;
  // Only one state can hold the profiler; the next stuck one has its turn when this has recovered.
  const bool other = std::any_of(watched_.begin(), watched_.end(),
                                 [&](const Watched* w) { return w != &watched && w->stopping_; });
  if (other) return;
  if (!watched.stopping_.exchange(true)) release_profiler();
  pthread_kill(watched.thread_, kStopSignal);
}

}  // namespace perigee
