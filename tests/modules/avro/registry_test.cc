// The schema registry, as a client of it sees it.
#include <string>
#include <string_view>

#include <doctest/doctest.h>
#include <fmt/format.h>

#include "tests/support/http_answers.h"
#include "tests/support/script_fixture.h"

namespace perigee {
namespace {

constexpr const char* kSchema = R"({"schema":"{\"type\":\"array\",\"items\":\"long\"}"})";
constexpr const char* kSubject =
    R"({"subject":"numbers","version":3,"id":258,"schema":"{\"type\":\"array\",\"items\":\"long\"}"})";

// A script with `avro` and the registry that answers so, one connection after the other.
struct RegistryScript {
  RegistryScript(const std::vector<std::string>& texts, std::string_view body)
      : server({answers(texts)}),
        script(fmt::format(R"lua(
          local avro = require "perigee.avro"
          local registry = avro.registry{{ url = "{}" }}
          local function refused(words, f, ...)
            local ok, message = pcall(f, ...)
            assert(not ok and message:find(words, 1, true), tostring(message))
            assert(message:find("^script.lua:%d+: "), message)
          end
          return {{ default = function() {} end }}
        )lua",
                           server.url(""), body)) {}

  void run(uint64_t id = 1) {
    const IterationResult result = script.iterate(id);
    INFO(script.vu(id).error());
    CHECK(result == IterationResult::kCompleted);
  }

  RawServer server;
  ScriptFixture script;
};

}  // namespace

TEST_CASE("bytes in a frame are decoded by the schema that it names, which is fetched once") {
  RegistryScript test({ok(kSchema)}, R"lua(
    local value, id = registry:decode("\0\0\0\1\2\4\6\54\0")
    assert(id == 258 and #value == 2 and value[1] == 3 and value[2] == 27)
    assert(#registry:decode("\0\0\0\1\2\0") == 0)
  )lua");
  test.run(1);
  test.run(2);
  REQUIRE(test.server.requests().size() == 1);
  CHECK(test.server.requests()[0].starts_with("GET /schemas/ids/258 HTTP/1.1\r\n"));
}

TEST_CASE("a value is encoded by the latest schema of a subject, which is fetched once") {
  RegistryScript test({ok(kSubject)}, R"lua(
    assert(registry:encode("a/b", { 3, 27 }) == "\0\0\0\1\2\4\6\54\0")
    assert(registry:encode("a/b", {}) == "\0\0\0\1\2\0")
    local schema, id = registry:subject("a/b")
    assert(id == 258 and schema:encode({}) == "\0")
  )lua");
  test.run(1);
  test.run(2);
  REQUIRE(test.server.requests().size() == 1);
  CHECK(test.server.requests()[0].starts_with("GET /subjects/a%2Fb/versions/latest HTTP/1.1\r\n"));
}

TEST_CASE("VUs that want a schema at the same time have it fetched once") {
  RegistryScript test({ok(kSchema)}, R"lua(assert(#registry:decode("\0\0\0\1\2\0") == 0))lua");
  test.script.vu(1);
  test.script.vu(2);
  test.script.start(1);
  test.run(2);
  CHECK(test.server.requests().size() == 1);
}

TEST_CASE("a schema is registered with a subject") {
  RegistryScript test({ok(R"({"id":7})")}, R"lua(
    assert(registry:register("t-value", '"string"') == 7)
    assert(registry:register("t-value", '"string"') == 7)
  )lua");
  test.run();
  REQUIRE(test.server.requests().size() == 1);
  const std::string request = test.server.requests()[0];
  CHECK(request.starts_with("POST /subjects/t-value/versions HTTP/1.1\r\n"));
  CHECK(request.find("application/vnd.schemaregistry.v1+json") != std::string::npos);
  CHECK(request.ends_with(R"({"schema":"\"string\""})"));
}

TEST_CASE("types of other subjects are fetched with the schema that refers to them") {
  // An order of shop has lines of shop.parts, and these a place without a namespace, as the order
  // itself has.
  const std::string references = R"("references":[{"name":"%","subject":"%","version":2}])";
  const auto referring = [](const char* schema, const char* name) {
    return ok(fmt::format(
        R"({{"id":9,"schema":"{}","references":[{{"name":"{}","subject":"{}","version":2}}]}})",
        schema, name, name));
  };
  const auto schema = [](std::string_view text) {
    std::string escaped;
    for (const char c : text)
      escaped += c == '\'' ? std::string("\\\"") : std::string(1, c);
    return escaped;
  };
  RegistryScript test(
      {referring(schema("{'type':'record','name':'Order','namespace':'shop','fields':["
                        "{'name':'line','type':'shop.parts.Line'},"
                        "{'name':'more','type':{'type':'array','items':'shop.parts.Line'}}]}")
                     .c_str(),
                 "shop.parts.Line"),
       referring(schema("{'type':'record','name':'Line','namespace':'shop.parts','fields':["
                        "{'name':'count','type':'int'},{'name':'place','type':['null','Place'],"
                        "'default':null}]}")
                     .c_str(),
                 "Place"),
       ok(fmt::format(R"({{"schema":"{}"}})",
                      schema("{'type':'enum','name':'Place','symbols':['IN','OUT']}")))},
      R"lua(
    local bytes = registry:encode("orders", {
      line = { count = 1, place = "OUT" }, more = { { count = 2 } },
    })
    assert(bytes == "\0\0\0\0\9\2\2\2\2\4\0\0")
  )lua");
  test.run();
  REQUIRE(test.server.requests().size() == 3);
  CHECK(test.server.requests()[2].starts_with("GET /subjects/Place/versions/2 HTTP/1.1\r\n"));
}

TEST_CASE("a schema is registered with references to other subjects") {
  RegistryScript test(
      {ok(R"({"schema":"{\"type\":\"fixed\",\"name\":\"F\",\"size\":2}"})"), ok(R"({"id":7})")},
      R"lua(
    local references = { { name = "F", subject = "f", version = 1 } }
    local text = '{"type":"array","items":"F"}'
    assert(registry:register("t-value", text, references) == 7)
    refused("references[1] must be like", registry.register, registry, "t", text, { { name = "F" } })
    refused("references[1] must be like", registry.register, registry, "t", text, { "F" })
  )lua");
  test.run();
  REQUIRE(test.server.requests().size() == 2);
  CHECK(test.server.requests()[1].ends_with(
      R"({"references":[{"name":"F","subject":"f","version":1}],"schema":"{\"type\":\"array\",\"items\":\"F\"}"})"));
}

TEST_CASE("what a registry does not have, or not in Avro, is an error at the script's line") {
  RegistryScript test(
      {answer("404 Not Found", {}, R"({"error_code":40403,"message":"Schema not found"})"),
       ok(R"({"schemaType":"PROTOBUF","schema":"syntax = \"proto3\";"})"), ok("<html>"),
       ok(kSchema)},
      R"lua(
    refused("status 404", registry.decode, registry, "\0\0\0\0\1x")
    refused("schema 2 is in PROTOBUF, not in Avro", registry.decode, registry, "\0\0\0\0\2x")
    refused("answers with what is no schema registry's", registry.decode, registry, "\0\0\0\0\4x")
    refused("truncated", registry.decode, registry, "\0\0\0\0\5")
    for _, bytes in ipairs({ "", "{}", "\1\0\0\0\1x", "\0\0\0" }) do
      refused("these bytes have no frame", registry.decode, registry, bytes)
    end
  )lua");
  test.run();
}

TEST_CASE("a frame goes before bytes in any form") {
  RegistryScript test({}, R"lua(
    assert(avro.frame(66051, "{}") == "\0\0\1\2\3{}")
    local id, rest = avro.unframe("\0\127\255\255\255{}")
    assert(id == 2147483647 and rest == "{}")
    refused("whole", avro.frame, -1, "")
    refused("url must be", avro.registry, { url = "127.0.0.1:8081" })
    refused("there is no setting \"ulr\"", avro.registry, { ulr = "http://a" })
  )lua");
  test.run();
  CHECK(test.server.requests().empty());
}

}  // namespace perigee
