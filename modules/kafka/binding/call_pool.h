// Objects of calls that are used again when they have ended.
#pragma once

#include <memory>
#include <vector>

namespace perigee {

// `Call::idle` says whether one may be used. Addresses stay: clients know them.
template <typename Call>
class CallPool {
 public:
  // An idle one, made with `arguments` if there is none.
  template <typename... Arguments>
  Call& take(Arguments&... arguments) {
    for (size_t i = 0; i < kLooks && i < calls_.size(); ++i) {
      next_ = (next_ + 1) % calls_.size();
      if (calls_[next_]->idle()) return *calls_[next_];
    }
    calls_.push_back(std::make_unique<Call>(arguments...));
    return *calls_.back();
  }

 private:
  // Looks are bounded: making one is cheaper than looking at many that are in use.
  static constexpr size_t kLooks = 8;

  std::vector<std::unique_ptr<Call>> calls_;
  size_t next_ = 0;
};

}  // namespace perigee
