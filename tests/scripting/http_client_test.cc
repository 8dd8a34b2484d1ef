// Clients that a script names: http.client{ ... }.
#include <doctest/doctest.h>

#include "engine/base/config_error.h"
#include "tests/scripting/http_fixture.h"

namespace perigee {
namespace {

const std::string kOk = answer("200 OK", {}, "fine");

// The error of a script whose init code has this statement.
std::string init_error(const std::string& init) {
  try {
    const ScriptFixture script(http_script("", init));
  } catch (const std::exception& error) {
    return error.what();
  }
  return "";
}

bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("a client has connections of its own, and keeps them") {
  RawServer server({answers({kOk, kOk}), answers({kOk})});
  HttpScript script(server,
                    "assert(client:get(url .. '/a').body == 'fine')\n"
                    "assert(client:get(url .. '/b').status == 200)\n"
                    "assert(http.get(url .. '/c').status == 200)",
                    "local client = http.client{}");
  const IterationResult result = script.iterate();
  INFO(script.vu().error());
  REQUIRE(result == IterationResult::kCompleted);
  CHECK(server.connections() == 2);
  CHECK(script.sum("http_reqs") == 3);
}

TEST_CASE("a client sends each method that http does") {
  RawServer server({answers({kOk, answer("200 OK"), kOk, kOk, kOk, kOk, kOk, kOk})});
  HttpScript script(server, R"lua(
    client:get(url) client:options(url, "o") client:post(url, "p") client:put(url, "u")
    client:patch(url, "a") client:del(url, "d") client:request("PROPFIND", url, "r")
    local res = client:async_request("LINK", url, "l"):await()
    assert(res.request.method == "LINK" and res.request.body == "l")
  )lua",
                    "local client = http.client()");
  const IterationResult result = script.iterate();
  INFO(script.vu().error());
  REQUIRE(result == IterationResult::kCompleted);
  const std::vector<std::string> methods{"GET",   "OPTIONS", "POST",     "PUT",
                                         "PATCH", "DELETE",  "PROPFIND", "LINK"};
  REQUIRE(server.requests().size() == methods.size());
  for (size_t i = 0; i < methods.size(); ++i)
    CHECK(server.requests()[i].starts_with(methods[i] + " / "));
  CHECK(body_of(server.requests()[3]) == "u");
}

TEST_CASE("a client's batch goes over its own connections") {
  RawServer server({answers({kOk, kOk})});
  ScriptFixture::Options options;
  options.http.batch = 1;
  HttpScript script(server,
                    "local res = client:batch({ one = url, two = { 'POST', url, 'x' } })\n"
                    "assert(res.one.body == 'fine' and res.two.request.body == 'x')",
                    "local client = http.client{ userAgent = 'me' }", options);
  const IterationResult result = script.iterate();
  INFO(script.vu().error());
  REQUIRE(result == IterationResult::kCompleted);
  CHECK(server.connections() == 1);
  CHECK(contains(server.requests()[1], "User-Agent: me\r\n"));
}

TEST_CASE("a request has its client's headers where it says nothing else") {
  RawServer server({answers({kOk, kOk})});
  HttpScript script(
      server,
      "client:get(url)\n"
      "client:post(url, 'x', { headers = { ['x-team'] = 'b', Accept = '*/*' } })",
      "local client = http.client{ userAgent = 'me/1', headers = { ['X-Team'] = 'a' } }");
  REQUIRE(script.iterate() == IterationResult::kCompleted);
  CHECK(contains(server.requests()[0], "X-Team: a\r\n"));
  CHECK(contains(server.requests()[0], "User-Agent: me/1\r\n"));
  CHECK(contains(server.requests()[1], "x-team: b\r\n"));
  CHECK_FALSE(contains(server.requests()[1], "X-Team: a\r\n"));
}

TEST_CASE("a client's time-out holds for requests without one of their own") {
  RawServer server({{RawServer::hang()}});
  HttpScript script(server,
                    "assert(client:get(url).error_code == 1050)\n"
                    "assert(client:get(url, { timeout = 2 }).error_code == 1050)",
                    "local client = http.client{ timeout = '1ms' }");
  const IterationResult result = script.iterate();
  INFO(script.vu().error());
  CHECK(result == IterationResult::kCompleted);
}

TEST_CASE("a client goes through its proxy, to this machine too") {
  RawServer proxy({answers({kOk})});
  HttpScript script(proxy, "assert(client:get('http://127.0.0.1:1/x').body == 'fine')",
                    "local client = http.client{ proxy = url }");
  const IterationResult result = script.iterate();
  INFO(script.vu().error());
  REQUIRE(result == IterationResult::kCompleted);
  CHECK(proxy.requests()[0].starts_with("GET http://127.0.0.1:1/x HTTP/1.1\r\n"));
}

TEST_CASE("VUs that share a client by name use the same connections") {
  RawServer server({answers({kOk, kOk, kOk})});
  HttpScript script(server, "assert(client:get(url).body == 'fine')",
                    "local client = http.client{ shared = 'service', timeout = '10s' }");
  for (const uint64_t vu : {1U, 2U, 1U})
    REQUIRE(script.iterate(vu) == IterationResult::kCompleted);
  CHECK(server.connections() == 1);
  // What went over them is counted once.
  const auto sent = static_cast<double>(server.requests()[0].size());
  CHECK(script.sum("data_sent") == 3 * sent);
}

TEST_CASE("a client opens no more connections than it may") {
  std::string init = "local client = http.client{ maxConnections = 1 }";
  SUBCASE("in all") {}
  SUBCASE("to a host") {
    init = "local client = http.client{ maxConnectionsPerHost = 1, idleTimeout = '1m' }";
  }
  RawServer server({answers({kOk, kOk, kOk})});
  HttpScript script(server,
                    "local responses = client:batch({ url, url, url })\n"
                    "assert(responses[3].body == 'fine' and responses[3].timings.blocked > 0)",
                    init);
  const IterationResult result = script.iterate();
  INFO(script.vu().error());
  REQUIRE(result == IterationResult::kCompleted);
  CHECK(server.connections() == 1);
}

TEST_CASE("clients of one name must have the same settings") {
  const std::string error = init_error(
      "http.client{ shared = 'a', timeout = 100 } http.client{ shared = 'a', timeout = 200 }");
  CHECK(contains(error, "script.lua:1: http.client: \"a\" is shared already, with other settings"));
  CHECK(init_error("http.client{ shared = 'a' } http.client{ shared = 'a' }").empty());
}

TEST_CASE("settings that make no sense are named, with what to write instead") {
  CHECK(contains(init_error("http.client{ timout = '1s' }"),
                 "http.client: there is no setting \"timout\" (did you mean \"timeout\"?)"));
  CHECK(contains(init_error("http.client{ timeout = 'soon' }"),
                 "timeout must be a duration above 0 like \"10s\", or a number of milliseconds"));
  CHECK(contains(init_error("http.client{ timeout = 0 }"), "timeout must be a duration above 0"));
  CHECK(contains(init_error("http.client{ shared = 1 }"),
                 "shared must be the name of a pool of connections, got a number"));
  CHECK(contains(init_error("http.client{ headers = { A = 1 } }"),
                 "headers must be a table of strings by name"));
  CHECK(contains(init_error("http.client{ proxy = true }"),
                 "proxy must be the URL of a proxy, or false for none, got a boolean"));
  CHECK(contains(init_error("http.client{ maxConnections = 0 }"),
                 "maxConnections must be a whole number from 1"));
  CHECK(contains(init_error("http.client{ connectionLifetime = -1 }"),
                 "connectionLifetime must be a duration above 0"));
  CHECK(contains(init_error("http.client('x')"),
                 "http.client: settings must be a table, got the string \"x\""));
  CHECK(contains(init_error("http.client{ 'x' }"), "there is no setting \"(a number)\""));
}

TEST_CASE("a client is made in init code and used outside of it, with a colon") {
  const auto error_of = [](const std::string& body) {
    ScriptFixture script(http_script(body, "local client = http.client{}"));
    return script.iterate() == IterationResult::kFailed ? script.vu().error() : "";
  };
  CHECK(contains(error_of("http.client{}"),
                 "script.lua:3: http.client is called once per VU, at the top of the script"));
  CHECK(contains(error_of("client.get('http://a/')"),
                 "script.lua:3: client:get: write client:get(url, params), with a colon"));
  CHECK(contains(error_of("client:fetch('http://a/')"),
                 "script.lua:3: a client has no function \"fetch\"; there are get, head"));
  CHECK(contains(
      error_of("client:batch('http://a/')"),
      "script.lua:3: client:batch: requests must be a list of requests, or a table of them by "
      "name, got the string"));
  CHECK(contains(init_error("http.client{}:get('http://a/')"), "while the script is loading"));
}

}  // namespace perigee
