#include "scripting/wake.h"

#include "engine/base/check.h"
#include "scripting/lua_vu.h"

namespace perigee {

bool Wake::wanted() const {
  return vu_ != nullptr && vu_->ticket_ == ticket_;
}

lua_State* Wake::stack() const {
  return vu_->co_;
}

void Wake::resume(int results) {
  PERIGEE_CHECK(wanted());
  ++vu_->ticket_;
  vu_->resume(results);
}

}  // namespace perigee
