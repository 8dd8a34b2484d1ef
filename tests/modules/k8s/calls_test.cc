// The verbs of perigee.k8s, by the requests that they are.
#include <doctest/doctest.h>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include "tests/modules/k8s/api_server.h"

namespace perigee {
namespace {

// "PATCH /path HTTP/1.1" of each request but the first two, which ask for kinds.
std::string request_lines(const RawServer& server) {
  std::vector<std::string> lines;
  for (const std::string& request : server.requests())
    lines.push_back(request.substr(0, request.find(" HTTP/1.1")));
  lines.erase(lines.begin(), lines.begin() + 2);
  return fmt::format("{}", fmt::join(lines, "\n"));
}

bool has_line(const std::string& request, const std::string& line) {
  return request.find("\r\n" + line + "\r\n") != std::string::npos;
}

}  // namespace

TEST_CASE("each verb is the request that kubectl would send") {
  const std::string object = ok(config_map("1", "1"));
  const RawServer server({api(std::vector<std::string>(10, object))});
  KubernetesRun run(server, R"lua(
    expect(c:create(map).data.x, "1")
    c:get("ConfigMap", "a")
    c:get("configmaps", "a", "other")
    c:update(map)
    c:patch("cm", "a", { data = { x = "2" } })
    c:patch("cm", "a", { { op = "remove", path = "/data/x" } }, { field_manager = "me" })
    c:apply(map, { force = true })
    c:scale("v1/ConfigMap", "a", 3)
    c:get("ConfigMap", "a", { subresource = "status" })
    c:delete("ConfigMap", "a", { propagation = "Foreground" })
  )lua");
  const std::string path = "/api/v1/namespaces/n/configmaps";
  CHECK(request_lines(server) == fmt::format("POST {0}?fieldManager=perigee\n"
                                             "GET {0}/a\n"
                                             "GET /api/v1/namespaces/other/configmaps/a\n"
                                             "PUT {0}/a?fieldManager=perigee\n"
                                             "PATCH {0}/a?fieldManager=perigee\n"
                                             "PATCH {0}/a?fieldManager=me\n"
                                             "PATCH {0}/a?fieldManager=perigee&force=true\n"
                                             "PATCH {0}/a/scale?fieldManager=perigee\n"
                                             "GET {0}/a/status\n"
                                             "DELETE {0}/a",
                                             path));
  const std::vector<std::string> requests = server.requests();
  CHECK(has_line(requests[6], "Content-Type: application/merge-patch+json"));
  CHECK(has_line(requests[7], "Content-Type: application/json-patch+json"));
  CHECK(has_line(requests[8], "Content-Type: application/apply-patch+yaml"));
  CHECK(requests[11].find(R"("propagationPolicy":"Foreground")") != std::string::npos);
  CHECK(run.count("k8s_reqs") == 12);
  CHECK(run.count("k8s_req_duration") == 12);
}

TEST_CASE("several documents of YAML are applied one by one and come back as a list") {
  const RawServer server({api({ok(config_map("1", "1")), ok(config_map("2", "2", "b"))})});
  KubernetesRun run(server, R"lua(
    local list = c:apply("apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n---\n" ..
      "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: b, namespace: elsewhere}\n")
    expect(#list, 2)
    expect(list[2].metadata.name, "b")
  )lua");
  CHECK(request_lines(server).ends_with(
      "\nPATCH /api/v1/namespaces/elsewhere/configmaps/b?fieldManager=perigee"));
}

TEST_CASE("a list with a limit is read page by page, also where its token has expired") {
  const std::string page = R"({"kind": "ConfigMapList", "metadata": {"continue": "t"}, "items": [)";
  const RawServer server(
      {api({ok(page + config_map("1", "1") + "]}"),
            answer("410 Gone", {},
                   R"({"kind": "Status", "reason": "Expired", "metadata": {"continue": "u"}})"),
            ok(R"({"kind": "ConfigMapList", "metadata": {}, "items": [)" +
               config_map("2", "1", "b") + "]}")})});
  KubernetesRun run(server, R"lua(
    local list = c:list("ConfigMap", { limit = 1, label_selector = "app in (a,b)" })
    expect(#list.items, 2)
    expect(list.items[2].metadata.name, "b")
  )lua");
  const std::string first =
      "GET /api/v1/namespaces/n/configmaps?labelSelector=app%20in%20%28a%2Cb%29&limit=1";
  CHECK(request_lines(server) == fmt::format("{0}\n{0}&continue=t\n{0}&continue=u", first));
}

TEST_CASE("failures tell conflicts, rights and absence apart") {
  const RawServer server(
      {api({status("409 Conflict", "AlreadyExists"), status("403 Forbidden", "Forbidden"),
            status("404 Not Found", "NotFound"), answer("502 Bad Gateway", {}, "<html>")})});
  KubernetesRun run(server, R"lua(
    local made, failure = c:create(map)
    expect(made, nil)
    expect(failure.code, 409)
    expect(failure.reason, "AlreadyExists")
    expect(tostring(failure), 'k8s: create configmaps "a" in n: 409 AlreadyExists: the message')
    expect(select(2, c:get("Pod", "p")).reason, "Forbidden")
    expect(select(2, c:get("Pod", "p")).reason, "NotFound")
    local _, other = c:get("Pod", "p")
    expect(other.code, 502)
    expect(other.message, "<html>")
    local _, none = c:get("Nothing", "p")
    expect(none.reason, "NoKind")
  )lua");
  CHECK(run.passes("k8s_req_failed") == 4);
  CHECK(run.passes("http_req_failed") == 0);
}

TEST_CASE("with throw a call that fails raises an error at the script's line") {
  const RawServer server({api({status("404 Not Found", "NotFound")})});
  ScriptRun run(k8s_script(server, "c:get('Pod', 'p')", "throw = true"), {"-i", "1"});
  CHECK(run.count("iteration_errors") == 1);
  CHECK(run.logged("k8s: get pods"));
  CHECK(run.logged("script.lua:"));
}

TEST_CASE("a server that is too busy is asked again, and counted apart") {
  const RawServer server(
      {api({status("429 Too Many Requests", "TooManyRequests", "Retry-After: 0\r\n"),
            status("503 Service Unavailable", "ServiceUnavailable", "Retry-After: 0\r\n"),
            ok(config_map("1", "1"))})});
  KubernetesRun run(server, R"lua(expect(c:get("ConfigMap", "a").data.x, "1"))lua");
  CHECK(run.count("k8s_reqs_throttled") == 1);
  CHECK(run.count("k8s_reqs") == 5);
  CHECK(run.passes("k8s_req_failed") == 1);  // the 503
  CHECK(run.count("k8s_calls_requested") == 1);
  CHECK(run.count("k8s_calls_achieved") == 1);
}

TEST_CASE("a server that is too busy to the end is a failure of the call") {
  const RawServer server(
      {api({status("429 Too Many Requests", "TooManyRequests", "Retry-After: 30\r\n")})});
  KubernetesRun run(server, R"lua(
    local _, failure = c:get("ConfigMap", "a", { timeout = "10s" })
    expect(failure.code, 429)
  )lua");
  CHECK(run.count("k8s_reqs_throttled") == 1);
  CHECK(run.passes("k8s_req_failed") == 1);
  CHECK(run.count("k8s_calls_requested") == 1);
  CHECK(run.count("k8s_calls_achieved") == 0);
}

TEST_CASE("a client with qps sends no more than its burst, and then at that rate") {
  const RawServer server({api({ok(config_map("1", "1")), ok(config_map("1", "1"))})});
  KubernetesRun run(server, R"lua(
    local same = k8s.client{ server = c.config.server, namespace = "n", qps = 0.001, burst = 2 }
    assert(c:get("ConfigMap", "a", { timeout = "10s" }))
    assert(same:get("ConfigMap", "a", { timeout = "10s" }))
    local _, failure = c:get("ConfigMap", "a", { timeout = "10s" })
    expect(failure.reason, "Throttled")
    expect(failure.text, 'k8s: get configmaps "a" in n: Throttled: by qps = 0.001 the call may ' ..
      "not be sent before its timeout")
  )lua",
                    "qps = 0.001, burst = 2");
  CHECK(run.count("k8s_calls_requested") == 3);
  CHECK(run.count("k8s_calls_achieved") == 2);
  CHECK(run.count("k8s_throttle_wait") == 2);
  CHECK(server.requests().size() == 4);
}

TEST_CASE("what the server warns of is logged once") {
  const std::string warned =
      answer("200 OK", "Warning: 299 - \"unknown field \\\"dota\\\"\"\r\n", config_map("1", "1"));
  const RawServer server({api({warned, warned})});
  KubernetesRun run(server, R"lua(c:update(map) c:update(map))lua");
  const std::string log = unescaped(run.log());
  const size_t first = log.find(R"(unknown field "dota")");
  REQUIRE(first != std::string::npos);
  CHECK(log.find("unknown field", first + 1) == std::string::npos);
}

TEST_CASE("a server that is not there is a failure of the call") {
  uint16_t port = 0;
  {
    const RawServer gone(std::vector<RawServer::Script>{{}});
    port = gone.port();
  }
  ScriptRun run(R"lua(
local k8s = require "perigee.k8s"
local c = k8s.client{ server = "http://127.0.0.1:)lua" +
                    std::to_string(port) + R"lua(" }
return { default = function()
  local _, failure = c:get("Pod", "p")
  assert(failure.code == 0 and failure.reason == "Connection", tostring(failure))
end })lua",
                {"-i", "1"});
  CHECK_MESSAGE(run.count("iteration_errors") == 0, run.log());
}

TEST_CASE("a misspelt setting, and an object that is none, name what there is") {
  const RawServer server({api({})});
  for (const auto& [body, message] :
       {std::pair{"c:get('Pod', 'p', { name_space = 'n' })", "k8s.get: there is no setting"},
        std::pair{"c:create({ kind = 'Pod' })", "the object needs apiVersion, kind and metadata"},
        std::pair{"c:get('Pod', 'a/b')", "k8s.get: a/b is no name of an object"},
        std::pair{"c:wait{ kind = 'Pod', name = 'p' }",
                  "say one of condition, jsonpath, test and gone"},
        std::pair{"c:get(1, 'p')", "kind must be a string"}}) {
    ScriptRun run(k8s_script(server, body), {"-i", "1"});
    CHECK_MESSAGE(run.logged(message), run.log());
    CHECK(run.logged("script.lua:"));
  }
}

}  // namespace perigee
