#include "engine/loop/turn_end.h"

#include <algorithm>

namespace perigee {

void TurnEnds::run() {
  running_.swap(armed_);
  // By position: a callback may destroy others, but never adds to this list.
  for (size_t i = 0; i < running_.size(); ++i) {
    TurnEnd* end = running_[i];
    if (end == nullptr) continue;
    end->armed_ = false;
    running_[i] = nullptr;
    end->callback_();
  }
  running_.clear();
}

void TurnEnd::arm() {
  if (std::exchange(armed_, true)) return;
  ends_.armed_.push_back(this);
}

TurnEnd::~TurnEnd() {
  if (!armed_) return;
  std::erase(ends_.armed_, this);
  std::replace(ends_.running_.begin(), ends_.running_.end(), this, static_cast<TurnEnd*>(nullptr));
}

}  // namespace perigee
