#include <string>

#include <doctest/doctest.h>

#include "tests/scripting/evaluate.h"

namespace perigee {
namespace {

TEST_CASE("json.find tells nothing at a path from a text that is no JSON") {
  CHECK(evaluate("json.find('{\"a\":1}', 'a')") == "1");
  CHECK(evaluate("json.find('{\"a\":1}', 'b')") == "nil");
  for (const std::string text : {"{\"a\":1}\\0 rubbish", "{\"a\":1} x", "{\"a\":1", "<html>", ""}) {
    CAPTURE(text);
    const std::string error = evaluate("json.find('" + text + "', 'a')");
    CHECK(error.starts_with("script.lua:"));
    CHECK(error.find("json.find") != std::string::npos);
  }
}

}  // namespace
}  // namespace perigee
