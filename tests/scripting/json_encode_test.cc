// json.encode with its options, as scripts use it.
#include <doctest/doctest.h>

#include "tests/scripting/evaluate.h"

namespace perigee {

TEST_CASE("JSON is on one line, or indented as asked") {
  CHECK(evaluate("json.encode({ a = { 1 }, b = json.array() })") == R"({"a":[1],"b":[]})");
  CHECK(evaluate("json.encode({ a = { 1 }, b = json.array() }, { indent = 2 })") ==
        "{\n  \"a\": [\n    1\n  ],\n  \"b\": []\n}");
  CHECK(evaluate("json.encode({ 1 }, { indent = 0 })") == "[1]");
  CHECK(evaluate("json.encode({ 1 }, {})") == "[1]");
}

TEST_CASE("what is indented is read again as it was") {
  CHECK(evaluate("(function() local t = { ['a:,{}[]'] = 'x\\n\"y\"', n = { {}, { 1.5, false } } } "
                 "local text = json.encode(t, { indent = 3 }) "
                 "return json.encode(json.decode(text)) == json.encode(t) end)()") == "true");
}

TEST_CASE("other options and values are refused") {
  CHECK(evaluate("json.encode({}, { indnet = 2 })")
            .find("there is no option of encode \"indnet\" (did you mean \"indent\"?)") !=
        std::string::npos);
  for (const char* indent : {"-1", "11", "1.5", "'  '", "true", "0/0"}) {
    CAPTURE(indent);
    CHECK(evaluate(std::string("json.encode({}, { indent = ") + indent + " })")
              .find("json.encode: indent must be a number of blanks, from 0 to 10") !=
          std::string::npos);
  }
}

}  // namespace perigee
