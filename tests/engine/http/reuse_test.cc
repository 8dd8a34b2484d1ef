// When a kept connection is used again, and in which state it is by then.
#include <doctest/doctest.h>

#include "tests/engine/http/http_fixture.h"

namespace perigee::http {
namespace {

TEST_CASE_FIXTURE(HttpFixture,
                  "a connection whose reading was paused when its response ended is read again") {
  RawServer server({{RawServer::request(), RawServer::send(ok("first")), RawServer::request(),
                     RawServer::send(ok("second")), RawServer::hang()}});
  Answer first;
  first.after_body = [&] { client.pause(*first.exchange); };
  first.after_end = [&] { loop.stop(); };
  start(request(server.url()), first);
  run();
  CHECK(get(server.url()).body == "second");
  CHECK(server.connections() == 1);
}

}  // namespace
}  // namespace perigee::http
