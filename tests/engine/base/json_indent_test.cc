// JSON that is spread over lines.
#include "engine/base/json_indent.h"

#include <doctest/doctest.h>

namespace perigee {

TEST_CASE("members and elements have lines of their own, further in by the width") {
  CHECK(indent_json(R"({"a":[1,{"b":null}],"c":"d"})", 2) == R"({
  "a": [
    1,
    {
      "b": null
    }
  ],
  "c": "d"
})");
  CHECK(indent_json("[1,2]", 4) == "[\n    1,\n    2\n]");
}

TEST_CASE("what is empty stays on its line") {
  CHECK(indent_json("{}", 2) == "{}");
  CHECK(indent_json(R"({"a":[],"b":{}})", 1) == "{\n \"a\": [],\n \"b\": {}\n}");
}

TEST_CASE("strings stay as they are, whatever is in them") {
  CHECK(indent_json(R"({"a,:{":"[\"}\\"})", 2) == "{\n  \"a,:{\": \"[\\\"}\\\\\"\n}");
  CHECK(indent_json(R"("a:,[]")", 2) == R"("a:,[]")");
}

TEST_CASE("a value alone is itself") {
  CHECK(indent_json("-1.5e10", 2) == "-1.5e10");
  CHECK(indent_json("true", 2) == "true");
}

}  // namespace perigee
