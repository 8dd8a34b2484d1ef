// perigee.yaml as scripts use it.
#include <doctest/doctest.h>

#include "tests/scripting/evaluate.h"

namespace perigee {

TEST_CASE("yaml.decode and decode_all make Lua values") {
  CHECK(evaluate("yaml.decode('a: {b: [1, 2]}').a.b[2]") == "2");
  CHECK(evaluate("yaml.decode('a: null').a") == "nil");
  CHECK(evaluate("yaml.decode('[null]')[1] == json.null") == "true");
  CHECK(evaluate("yaml.decode('a: null', { null = json.null }).a == json.null") == "true");
  CHECK(evaluate("yaml.decode('a: 9007199254740993', { bigNumbers = 'string' }).a") ==
        "9007199254740993");
  CHECK(evaluate("yaml.decode('')") == "nil");
  CHECK(evaluate("json.encode(yaml.decode('a: []'))") == R"({"a":[]})");
  CHECK(evaluate("json.encode(yaml.decode_all('a: 1\\n---\\nb: 2\\n'))") == R"([{"a":1},{"b":2}])");
  CHECK(evaluate("json.encode(yaml.decode_all(''))") == "[]");
}

TEST_CASE("yaml.encode writes keys in sorted order") {
  CHECK(evaluate("yaml.encode({ kind = 'Model', apiVersion = 'v1', list = { 1, '2' } })") ==
        "apiVersion: v1\nkind: Model\nlist:\n  - 1\n  - \"2\"\n");
}

TEST_CASE("what is no YAML, or can't be, is refused with a reason") {
  CHECK(evaluate("yaml.decode('a: 1\\na: 2\\n')") ==
        "script.lua:5: yaml.decode: not YAML: line 2: the key \"a\" is there twice");
  CHECK(evaluate("yaml.decode('1\\n---\\n2\\n')") ==
        "script.lua:5: yaml.decode: the text holds 2 documents; use decode_all");
  CHECK(evaluate("yaml.encode(print)") ==
        "script.lua:5: yaml.encode: cannot be encoded as JSON: a function");
}

}  // namespace perigee
