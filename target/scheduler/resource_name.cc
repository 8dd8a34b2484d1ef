#include "target/scheduler/resource_name.h"

#include <algorithm>

#include <fmt/format.h>

#include "target/scheduler/scheduler_refusal.h"

namespace perigee {
namespace {

bool is_inner(char c) {
  return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
}

}  // namespace

void check_resource_name(std::string_view kind, std::string_view name) {
  if (name.empty()) throw SchedulerRefusal(fmt::format("the {} has no name", kind));
  if (std::all_of(name.begin(), name.end(), is_inner) && name.front() != '-' &&
      name.back() != '-') {
    return;
  }
  throw SchedulerRefusal(
      fmt::format("\"{}\" is no name for {} {}: it has lower-case letters, digits and, between "
                  "them, '-' only, as in iris-1",
                  name, kind.starts_with('e') ? "an" : "a", kind));
}

}  // namespace perigee
