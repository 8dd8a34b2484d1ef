#include "engine/http/status_set.h"

#include <doctest/doctest.h>

namespace perigee::http {

TEST_CASE("a set of statuses holds single ones and ranges with both ends") {
  const StatusSet set({{200, 204}, {404, 404}});
  CHECK(set.contains(200));
  CHECK(set.contains(204));
  CHECK(set.contains(404));
  CHECK_FALSE(set.contains(199));
  CHECK_FALSE(set.contains(205));
  CHECK_FALSE(set.contains(0));
}

TEST_CASE("a request without an answer can be expected as status 0") {
  CHECK(StatusSet({{0, 0}}).contains(0));
  CHECK_FALSE(StatusSet({}).contains(0));
}

}  // namespace perigee::http
