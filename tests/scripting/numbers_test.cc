// How numbers of scripts are written.
#include <doctest/doctest.h>

#include "tests/scripting/evaluate.h"
#include "tests/scripting/http_fixture.h"

namespace perigee {
namespace {

constexpr const char* kLong = "1234567890123456";
const std::string kOk = answer("200 OK", {}, "fine");

bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("tostring gives whole numbers in full, others as JSON has them") {
  const struct {
    const char *number, *text;
  } cases[] = {{"1234567890123456", kLong},
               {"-2^53", "-9007199254740992"},
               {"100000000000000", "100000000000000"},
               {"1e14 + 1", "100000000000001"},
               {"0", "0"},
               {"-0", "0"},
               {"7", "7"},
               {"0.1", "0.1"},
               {"0.1 + 0.2", "0.30000000000000004"},
               {"1 / 3", "0.3333333333333333"},
               {"1e300", "1e+300"},
               {"0 / 0", "NaN"},
               {"1 / 0", "inf"},
               {"-1 / 0", "-inf"},
               {"json.null", "null"},
               {"5LL", "5LL"}};
  for (const auto& each : cases) {
    CAPTURE(each.number);
    CHECK(evaluate(each.number) == each.text);
    if (std::string_view(each.number) != "5LL") {
      CHECK(evaluate(std::string("tostring(") + each.number + ")") == each.text);
    }
  }
}

TEST_CASE("whole numbers have all their digits in URLs, headers, cookies and forms") {
  RawServer server({answers({kOk, kOk})});
  HttpScript script(server, R"lua(
    local id = 1234567890123456
    http.get(http.url(url .. "/items/${}?id=${}", id, id), {
      headers = { ["X-Id"] = id }, cookies = { id = id },
    })
    http.post(url, { id = id, ids = { id } }, { tags = { id = id } })
  )lua");
  const IterationResult result = script.iterate();
  REQUIRE_MESSAGE(result == IterationResult::kCompleted, script.vu().error());
  const std::vector<std::string> requests = server.requests();
  REQUIRE(requests.size() == 2);
  CHECK(has(requests[0], std::string("GET /items/") + kLong + "?id=" + kLong + " HTTP"));
  CHECK(has(requests[0], std::string("X-Id: ") + kLong + "\r\n"));
  CHECK(has(requests[0], std::string("Cookie: id=") + kLong + "\r\n"));
  CHECK_FALSE(has(requests[0], "e+15"));
  CHECK(body_of(requests[1]) == std::string("id=") + kLong + "&ids=" + kLong);
  CHECK(script.sum("http_reqs", {{"id", kLong}}) == 1);
}

TEST_CASE("whole numbers have all their digits in logs, queries and names of checks") {
  ScriptFixture script(R"lua(
    local perigee, url = require "perigee", require "perigee.url"
    return { default = function()
      local id = 1234567890123456
      print("printed", id)
      console.log("logged", id, { id = id })
      print(url.build_query({ id = id }))
      perigee.check(1, { ["item " .. tostring(id)] = true })
    end })lua");
  REQUIRE(script.iterate() == IterationResult::kCompleted);
  CHECK(script.told(std::string("printed\\t") + kLong));
  CHECK(script.told(std::string("logged ") + kLong + " {\\\"id\\\":" + kLong + "}"));
  CHECK(script.told(std::string("id=") + kLong));
  CHECK(script.sum("checks", {{"check", std::string("item ") + kLong}}) == 1);
}

TEST_CASE("json.decode keeps nulls and long numbers when asked to, and knows its options") {
  const std::string options = "json.encode(json.decode('{\"a\":null,\"b\":9007199254740993}', ";
  CHECK(evaluate(options + "{ null = json.null, bigNumbers = 'string' }))") ==
        R"({"a":null,"b":"9007199254740993"})");
  CHECK(evaluate(options + "nil))") == R"({"b":9007199254740992})");
  CHECK(has(evaluate(options + "{ bigNumber = 'string' }))"),
            "json.decode: there is no option of decode \"bigNumber\" (did you mean "
            "\"bigNumbers\"?)"));
  CHECK(has(evaluate(options + "{ bigNumbers = true }))"), "bigNumbers must be \"string\""));
  CHECK(has(evaluate(options + "{ null = 'x' }))"), "null must be json.null"));
}

}  // namespace perigee
