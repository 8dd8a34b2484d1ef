// What is to happen at which instant; knows no clock, so whoever owns it says how far time has
// come.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <utility>

#include "engine/base/clock.h"

namespace perigee {

class Agenda {
 public:
  // Is told the instant it was due at, whenever that is looked at.
  using Action = std::function<void(Instant at)>;

  void add(Instant at, Action action) { actions_.emplace(at, std::move(action)); }

  // Does what is due at `now`, in the order of the instants, and what these actions add for `now`
  // or earlier.
  void run(Instant now) {
    while (!actions_.empty() && actions_.begin()->first <= now) {
      auto next = actions_.extract(actions_.begin());
      next.mapped()(next.key());
    }
  }
  // When the next action is due; nothing if there is none.
  std::optional<Instant> next() const {
    if (actions_.empty()) return std::nullopt;
    return actions_.begin()->first;
  }

 private:
  std::multimap<Instant, Action> actions_;
};

}  // namespace perigee
