// The statuses that scripts expect of answers: what http.expected_statuses makes.
#pragma once

#include <cstdint>
#include <deque>

#include "engine/http/http_metrics.h"
#include "engine/http/status_set.h"
#include "scripting/lua.h"

namespace perigee {

// Numbers the sets of statuses that a worker's scripts use. Lua sees a set as a value of its own
// type; equal sets are the same value.
class ExpectedStatuses {
 public:
  using Id = uint16_t;
  static constexpr Id kDefault = 0;  // 200 to 399
  static constexpr Id kOff = 1;      // nothing is judged

  // Makes the values' type; called once.
  void open(lua_State* L);

  // Pushes the set that the arguments on the stack make: statuses and { min =, max = }. Throws
  // std::runtime_error.
  int push(lua_State* L);

  // The number of the set at `index`; nil and false stand for kOff. Throws std::runtime_error that
  // begins with `what`.
  Id read(lua_State* L, int index, const char* what) const;

  // `status` is 0 without an answer.
  http::Verdict judge(Id id, int status) const {
    if (id == kOff) return http::Verdict::kNotJudged;
    return sets_[id].contains(status) ? http::Verdict::kExpected : http::Verdict::kUnexpected;
  }

 private:
  std::deque<http::StatusSet> sets_{http::StatusSet({{200, 399}}), http::StatusSet({})};
  int values_ = LUA_NOREF;  // the Lua values by number
};

}  // namespace perigee
