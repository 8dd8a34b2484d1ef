// Waiting for objects by a watch that its users share.
#include <algorithm>

#include <doctest/doctest.h>
#include <fmt/format.h>

#include "tests/modules/k8s/api_server.h"

namespace perigee {
namespace {

constexpr const char* kWatching = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";

std::string list_of(const std::string& version, const std::string& items) {
  return ok(R"({"kind": "ConfigMapList", "metadata": {"resourceVersion": ")" + version +
            R"("}, "items": [)" + items + "]}");
}

// A line of a watch, as a chunk of its own.
std::string event(const std::string& type, const std::string& object) {
  std::string line = R"({"type": ")" + type + R"(", "object": )" + object + "}";
  line.erase(std::remove(line.begin(), line.end(), '\n'), line.end());
  line += '\n';
  return fmt::format("{:x}\r\n{}\r\n", line.size(), line);
}

const std::string kGone =
    event("ERROR", R"({"kind": "Status", "code": 410, "reason": "Expired", "message": "too old"})");
constexpr const char* kEndOfWatch = "0\r\n\r\n";

// One connection: the kinds, a list, and the watch that goes on from it.
RawServer::Script watched(const std::string& list, const std::vector<std::string>& events) {
  RawServer::Script script = api({list});
  script.pop_back();
  script.push_back(RawServer::request());
  std::string text = kWatching;
  for (const std::string& one : events)
    text += one;
  script.push_back(RawServer::send(text));
  return script;
}

// ... and then these requests and responses.
RawServer::Script watched(const std::string& list, const std::vector<std::string>& events,
                          const std::vector<std::string>& responses) {
  RawServer::Script script = watched(list, events);
  for (const RawServer::Step& step : answers(responses))
    script.push_back(step);
  return script;
}

std::string job(const std::string& conditions, int generation = 1) {
  return R"({"apiVersion": "batch/v1", "kind": "Job", "metadata": {"name": "a", "namespace": "n", "uid": "u",
    "resourceVersion": "5", "generation": )" +
         std::to_string(generation) + R"(}, "status": {"conditions": [)" + conditions + "]}}";
}

}  // namespace

TEST_CASE("a wait ends with the event that brings what is waited for") {
  const RawServer server({watched(
      list_of("7", config_map("5", "1")),
      {event("MODIFIED", config_map("8", "2")), event("MODIFIED", config_map("9", "3"))}, {})});
  KubernetesRun run(server, R"lua(
    local object = c:wait{ kind = "ConfigMap", name = "a", jsonpath = "{.data.x}=3", timeout = "10s" }
    expect(object.metadata.resourceVersion, "9")
    object.data.x = "changed by the script"
    local again = c:wait{ kind = "ConfigMap", name = "a", jsonpath = "{.data.x}", timeout = "10s" }
    expect(again.data.x, "3")
    local tested = c:wait{ map, test = function(o) return o.data.x == "3" end }
    expect(tested.data.x, "3")
  )lua");
  REQUIRE(server.requests().size() == 4);
  CHECK(server.requests()[3].find("watch=true&allowWatchBookmarks=true&resourceVersion=7&") !=
        std::string::npos);
  CHECK(run.count("k8s_watch_events") == 2);
}

TEST_CASE("a watch whose connection is lost goes on from its last version") {
  RawServer::Script lost = watched(list_of("7", ""), {event("ADDED", config_map("8", "1"))});
  lost.push_back(RawServer::hang_up());
  RawServer::Script next{RawServer::request(),
                         RawServer::send(kWatching + event("MODIFIED", config_map("9", "2"))),
                         RawServer::hang()};
  RawServer server({lost, next});
  KubernetesRun run(server, R"lua(
    expect(c:wait{ kind = "ConfigMap", name = "a", jsonpath = "{.data.x}=2", timeout = "20s" }.data.x, "2")
  )lua");
  REQUIRE(server.requests().size() == 5);
  CHECK(server.requests()[4].find("resourceVersion=8&") != std::string::npos);
  CHECK(run.count("k8s_watch_restarts") == 1);
  CHECK(run.passes("k8s_req_failed") == 0);
  CHECK_FALSE(run.logged("Request Failed"));
}

TEST_CASE("a watch that is opened again in vain, and is told to come later, is nobody's failure") {
  RawServer::Script lost = watched(list_of("7", ""), {event("ADDED", config_map("8", "1"))});
  lost.push_back(RawServer::hang_up());
  const RawServer::Script vain{RawServer::request(), RawServer::hang_up()};
  RawServer server(
      {lost, vain,
       answers({status("429 Too Many Requests", "TooManyRequests", "Retry-After: 0\r\n"),
                list_of("9", config_map("9", "2")), kWatching})});
  KubernetesRun run(server, R"lua(
    expect(c:wait{ kind = "ConfigMap", name = "a", jsonpath = "{.data.x}=2", timeout = "20s" }.data.x, "2")
  )lua");
  CHECK(run.passes("k8s_req_failed") == 0);
  CHECK(run.passes("http_req_failed") == 0);
  CHECK(run.count("k8s_reqs_throttled") == 1);
  CHECK(run.count("k8s_calls_requested") == 0);
  CHECK_FALSE(run.logged("Request Failed"));
}

TEST_CASE(
    "a watch of a user's own goes on where its connection is lost, and is no failure either") {
  RawServer::Script lost = api({});
  lost.back() = RawServer::request();
  lost.push_back(RawServer::send(kWatching + event("ADDED", config_map("8", "1"))));
  lost.push_back(RawServer::hang_up());
  const RawServer::Script vain{RawServer::request(), RawServer::hang_up()};
  const RawServer::Script next{RawServer::request(),
                               RawServer::send(kWatching + event("MODIFIED", config_map("9", "2"))),
                               RawServer::hang()};
  RawServer server({lost, vain, next});
  KubernetesRun run(server, R"lua(
    for event in c:watch("ConfigMap", { timeout = "20s" }) do
      if event.type == "MODIFIED" then
        expect(event.object.data.x, "2")
        return
      end
    end
    error("the watch should have gone on")
  )lua");
  REQUIRE(server.requests().size() == 5);
  CHECK(server.requests()[4].find("resourceVersion=8&") != std::string::npos);
  CHECK(run.passes("k8s_req_failed") == 0);
  CHECK_FALSE(run.logged("Request Failed"));
}

TEST_CASE("a watch of a user's own that can't begin is an error") {
  RawServer::Script lost = api({});
  lost.back() = RawServer::request();
  lost.push_back(RawServer::hang_up());
  // A request that is lost on a kept connection is sent again.
  RawServer server({lost, {RawServer::request(), RawServer::hang_up()}});
  ScriptRun run(k8s_script(server, "for event in c:watch('ConfigMap') do end"), {"-i", "1"});
  CHECK(run.count("iteration_errors") == 1);
  CHECK(run.logged("k8s: watch configmaps: Connection"));
}

TEST_CASE("a watch that has ended goes on from its last bookmark") {
  RawServer server({watched(
      list_of("7", ""),
      {event("BOOKMARK", R"({"kind": "ConfigMap", "metadata": {"resourceVersion": "30"}})"),
       kEndOfWatch},
      {kWatching + event("ADDED", config_map("31", "1"))})});
  KubernetesRun run(server, R"lua(c:wait{ map, jsonpath = "{.data.x}=1", timeout = "20s" })lua");
  REQUIRE(server.requests().size() == 5);
  CHECK(server.requests()[4].find("resourceVersion=30&") != std::string::npos);
}

TEST_CASE("a deletion that the server's history has lost is noticed by a list") {
  RawServer server({watched(list_of("7", config_map("5", "1")), {kGone, kEndOfWatch},
                            {list_of("90", config_map("80", "1", "b")), kWatching}),
                    answers({status("404 Not Found", "NotFound")})});
  KubernetesRun run(server, R"lua(
    expect(c:wait{ map, gone = true, timeout = "20s" }, true)
  )lua");
  CHECK(run.passes("k8s_req_failed") == 0);
  CHECK(run.count("k8s_watch_restarts") == 1);
}

TEST_CASE("an object of the same name that is a new one is not the one that was to go") {
  std::string other = config_map("9", "1");
  other.replace(other.find("uid-a"), 5, "other");
  RawServer server({watched(list_of("7", config_map("5", "1")),
                            {event("DELETED", config_map("8", "1")), event("ADDED", other)}, {})});
  KubernetesRun run(server, R"lua(
    local one = c:wait{ map, jsonpath = "{.data.x}", timeout = "20s" }
    one.metadata.uid = "uid-a"
    expect(c:wait{ one, gone = true, timeout = "20s" }, true)
  )lua");
}

TEST_CASE("a wait that fails says the last state with its conditions") {
  const std::string waiting =
      R"({"type": "Suspended", "status": "False", "reason": "JobResumed", "message": "Job resumed"})";
  const RawServer server({watched(list_of("7", job(waiting)), {}, {})});
  KubernetesRun run(server, R"lua(
    local object, failure = c:wait{ kind = "Job", name = "a", condition = "Complete", timeout = "50ms" }
    expect(object, nil)
    expect(failure.reason, "Timeout")
    expect(failure.message, "after 0.05 s: Suspended=False (JobResumed: Job resumed)")
  )lua");
}

TEST_CASE("a job that has failed, and an object that is deleted, end a wait at once") {
  const std::string failed =
      R"({"type": "Failed", "status": "True", "reason": "BackoffLimitExceeded"})";
  const RawServer server({watched(list_of("7", job(failed)), {}, {})});
  KubernetesRun run(server, R"lua(
    local _, failure = c:wait{ kind = "Job", name = "a", condition = "Complete" }
    expect(failure.reason, "Failed")
    expect(failure.message, "it has failed: Failed=True")
  )lua");
  RawServer::Script script = watched(list_of("7", config_map("5", "1")), {});
  script.push_back(RawServer::gate());
  script.push_back(RawServer::send(event("DELETED", config_map("8", "1"))));
  script.push_back(RawServer::hang());
  RawServer second({script, answers({ok(config_map("5", "1"))})});
  ScriptRun deleted(k8s_script(second, R"lua(
    local _, failure = c:wait{ map, test = function() c.looked = true end, timeout = "20s" }
    expect(failure.reason, "Deleted")
  )lua"),
                    {"-i", "1"});
  REQUIRE(second.wait_for_requests(4));
  second.open_gate();
  CHECK_MESSAGE(deleted.count("iteration_errors") == 0, deleted.log());
}

TEST_CASE("a condition of an older generation does not count") {
  const std::string stale = R"({"type": "Complete", "status": "True", "observedGeneration": 1})";
  const std::string fresh = R"({"type": "Complete", "status": "True", "observedGeneration": 2})";
  const RawServer server(
      {watched(list_of("7", job(stale, 2)), {event("MODIFIED", job(fresh, 2))}, {})});
  KubernetesRun run(server, R"lua(
    local object = c:wait{ kind = "Job", name = "a", condition = "complete", timeout = "20s" }
    expect(object.status.conditions[1].observedGeneration, 2)
  )lua");
}

TEST_CASE("a watch that is forbidden ends those who wait for it") {
  const RawServer server({api({status("403 Forbidden", "Forbidden")})});
  KubernetesRun run(server, R"lua(
    local _, failure = c:wait{ map, gone = true, timeout = "20s" }
    expect(failure.reason, "Forbidden")
  )lua");
}

TEST_CASE("JSON paths find fields, items and filtered items as kubectl's do") {
  const std::string pod =
      R"({"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "a", "namespace": "n",
    "uid": "u", "resourceVersion": "5", "labels": {"app.kubernetes.io/name": "web"}}, "status": {"phase": "Running",
    "count": 3, "ready": true, "nothing": null, "conditions": [{"type": "A", "status": "False"},
    {"type": "Ready", "status": "True"}]}})";
  const RawServer server({watched(list_of("7", pod), {}, {})});
  KubernetesRun run(server, R"lua(
    local function holds(path)
      return c:wait{ kind = "Pod", name = "a", jsonpath = path, timeout = "0ms" } ~= nil
    end
    c:wait{ kind = "Pod", name = "a", jsonpath = "{.status}", timeout = "20s" }
    for _, path in ipairs({
      "{.status.phase}=Running", "{.status.phase}", "{.status.phase}=\"Running\"", "{.status.count}=3",
      "{.status.ready}=true", "{.status.conditions[1].type}=Ready", "{.status.conditions[-1].type}=Ready",
      "{.status.conditions[*].type}=A", '{.status.conditions[?(@.type=="Ready")].status}=True',
      "{.metadata.labels.app\\.kubernetes\\.io/name}=web", "{.metadata.labels['app.kubernetes.io/name']}=web",
    }) do
      if not holds(path) then error(path) end
    end
    for _, path in ipairs({
      "{.status.phase}=Pending", "{.status.missing}", "{.status.nothing}", "{.status.conditions[5]}",
      '{.status.conditions[?(@.type=="A")].status}=True',
    }) do
      if holds(path) then error(path) end
    end
  )lua");
}

}  // namespace perigee
