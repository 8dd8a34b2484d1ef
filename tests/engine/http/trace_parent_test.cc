#include "engine/http/trace_parent.h"

#include <regex>
#include <set>

#include <doctest/doctest.h>

namespace perigee::http {

TEST_CASE("a value has a version, the numbers of a trace and of a span, and asks for a record") {
  TraceParents values;
  const std::regex form("00-[0-9a-f]{32}-[0-9a-f]{16}-01");
  for (int i = 0; i < 100; ++i)
    CHECK(std::regex_match(values.next(), form));
}

TEST_CASE("no two values have a trace in common") {
  TraceParents values;
  TraceParents others;
  std::set<std::string> traces;
  for (int i = 0; i < 1000; ++i) {
    traces.insert(values.next().substr(3, 32));
    traces.insert(others.next().substr(3, 32));
  }
  CHECK(traces.size() == 2000);
}

}  // namespace perigee::http
