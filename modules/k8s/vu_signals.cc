#include "modules/k8s/vu_signals.h"

#include <algorithm>
#include <utility>

#include "scripting/script_host.h"

namespace perigee {

// One VU that waits, for a name or already to be resumed. Kept for the next one when it is over.
class VuSignals::Waiter final : public Operation {
 public:
  explicit Waiter(VuSignals& signals)
      : signals_(signals), timer_(signals.host_.worker().loop.timers(), [this] { end(false); }) {}

  int start(lua_State* L, LuaVu& vu, const std::string& name, std::optional<Instant> until) {
    vu_ = &vu;
    wake_ = vu.prepare_wait();
    vu.add(*this);
    place_ = signals_.waiting_.emplace(name, this);
    waits_ = true;
    if (until) timer_.start(*until);
    return vu.wait(L, 0);
  }

  // The signal has come; `end` follows at the end of the turn.
  void leave_queue() {
    timer_.stop();
    waits_ = false;
  }

  void end(bool signalled) {
    LuaVu& vu = *vu_;
    Wake wake = wake_;
    leave();
    vu.remove(*this);
    lua_pushboolean(wake.stack(), signalled ? 1 : 0);
    wake.resume(1);
  }

  void cancel() override { leave(); }

 private:
  void leave() {
    timer_.stop();
    if (std::exchange(waits_, false)) {
      signals_.waiting_.erase(place_);
    } else {
      std::replace(signals_.ready_.begin(), signals_.ready_.end(), this,
                   static_cast<Waiter*>(nullptr));
    }
    signals_.free_.push_back(this);
  }

  VuSignals& signals_;
  Timer timer_;
  LuaVu* vu_ = nullptr;
  Wake wake_;
  Waiting::iterator place_;
  bool waits_ = false;
};

VuSignals::VuSignals(ScriptHost& host)
    : host_(host), turn_end_(host.worker().loop.turn_ends(), [this] { resume_ready(); }) {}

VuSignals::~VuSignals() = default;

VuSignals::Waiter& VuSignals::take() {
  if (free_.empty()) {
    waiters_.push_back(std::make_unique<Waiter>(*this));
    free_.push_back(waiters_.back().get());
  }
  Waiter& waiter = *free_.back();
  free_.pop_back();
  return waiter;
}

int VuSignals::await(lua_State* L, LuaVu& vu, const std::string& name,
                     std::optional<Instant> until) {
  return take().start(L, vu, name, until);
}

void VuSignals::notify(const std::string& name) {
  const auto [first, last] = waiting_.equal_range(name);
  notify(first, last);
}

void VuSignals::notify_all(const std::string& prefix) {
  const auto first = waiting_.lower_bound(prefix);
  auto last = first;
  while (last != waiting_.end() && last->first.starts_with(prefix))
    ++last;
  notify(first, last);
}

bool VuSignals::awaited(const std::string& prefix) const {
  const auto found = waiting_.lower_bound(prefix);
  return found != waiting_.end() && found->first.starts_with(prefix);
}

void VuSignals::notify(Waiting::iterator first, Waiting::iterator last) {
  if (first == last) return;
  for (auto entry = first; entry != last; ++entry) {
    entry->second->leave_queue();
    ready_.push_back(entry->second);
  }
  waiting_.erase(first, last);
  turn_end_.arm();
}

// What runs may signal again: that is for the next turn.
void VuSignals::resume_ready() {
  const size_t count = ready_.size();
  for (size_t i = 0; i < count; ++i) {
    if (ready_[i] != nullptr) ready_[i]->end(true);
  }
  ready_.erase(ready_.begin(), ready_.begin() + static_cast<std::ptrdiff_t>(count));
}

}  // namespace perigee
