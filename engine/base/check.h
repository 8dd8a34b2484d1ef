// CHECK states what must hold; a violation is a bug of perigee and ends the program in every build.
#pragma once

namespace perigee {

[[noreturn]] void check_failed(const char* condition, const char* file, int line);

}  // namespace perigee

#define PERIGEE_CHECK(condition) \
  ((condition) ? static_cast<void>(0) : ::perigee::check_failed(#condition, __FILE__, __LINE__))
