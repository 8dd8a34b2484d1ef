#include "cli/lua_text.h"

#include <doctest/doctest.h>

namespace perigee {

TEST_CASE("strings are written as people would, and read back as they were") {
  CHECK(lua_string("http://h/") == R"("http://h/")");
  CHECK(lua_string(R"({"a":1})") == R"([[{"a":1}]])");
  CHECK(lua_string(R"({"a":[[1]]})") == R"([=[{"a":[[1]]}]=])");
  CHECK(lua_string(R"(["a"])") == R"([=[["a"]]=])");
  CHECK(lua_string("a\nb\"\\\x01"
                   "7") == R"("a\nb\"\\\0017")");
  CHECK(lua_string("café") == "\"café\"");
}

TEST_CASE("keys are bare where they are names") {
  CHECK(lua_key("rate") == "rate");
  CHECK(lua_key("Content-Type") == R"(["Content-Type"])");
  CHECK(lua_key("end") == R"(["end"])");
  CHECK(lua_key("1st") == R"(["1st"])");
  CHECK(lua_key("http_req_duration{status:200}") == R"(["http_req_duration{status:200}"])");
}

}  // namespace perigee
