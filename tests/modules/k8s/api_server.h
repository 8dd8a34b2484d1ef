// An API server that plays what a test has written down, and scripts that call it.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "tests/process/script_run.h"
#include "tests/support/http_answers.h"
#include "tests/support/raw_server.h"

namespace perigee {

// What a cluster with ConfigMaps, Pods and Jobs says of its kinds, in the order of being asked.
inline std::vector<std::string> kinds() {
  return {
      ok(R"({"kind": "APIGroupDiscoveryList", "items": [{"metadata": {}, "versions": [
      {"version": "v1", "resources": [
        {"resource": "configmaps", "responseKind": {"kind": "ConfigMap"}, "scope": "Namespaced",
         "singularResource": "configmap", "shortNames": ["cm"]},
        {"resource": "pods", "responseKind": {"kind": "Pod"}, "scope": "Namespaced"}]}]}]})"),
      ok(R"({"kind": "APIGroupDiscoveryList", "items": [{"metadata": {"name": "batch"}, "versions": [
      {"version": "v1", "resources": [
        {"resource": "jobs", "responseKind": {"kind": "Job"}, "scope": "Namespaced"}]}]}]})")};
}

// Answers the questions for kinds, and then these, on one connection.
inline RawServer::Script api(std::vector<std::string> responses) {
  std::vector<std::string> all = kinds();
  all.insert(all.end(), responses.begin(), responses.end());
  return answers(all);
}

// A failure as API servers write it.
inline std::string status(const std::string& line, const std::string& reason,
                          const std::string& headers = {}) {
  return answer(line, headers,
                R"({"kind": "Status", "status": "Failure", "message": "the message", "reason": ")" +
                    reason + "\"}");
}

// A ConfigMap of this version, whose data is x.
inline std::string config_map(const std::string& version, const std::string& x,
                              const std::string& name = "a") {
  return R"({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": ")" + name +
         R"(", "namespace": "n", "uid": "uid-)" + name + R"(", "resourceVersion": ")" + version +
         R"("}, "data": {"x": ")" + x + "\"}}";
}

// One iteration with this body, in which `c` is a client of the server.
inline std::string k8s_script(const RawServer& server, const std::string& body,
                              const std::string& settings = {}) {
  return R"lua(
local k8s = require "perigee.k8s"
local c = k8s.client{ server = ")lua" +
         server.url("") + R"lua(", namespace = "n", )lua" + settings + R"lua( }
local map = { apiVersion = "v1", kind = "ConfigMap", metadata = { name = "a" }, data = { x = "1" } }
local function expect(value, wanted)
  if value ~= wanted then
    error(("%s instead of %s"):format(tostring(value), tostring(wanted)), 2)
  end
end
return { default = function()
)lua" + body +
         "\nend }";
}

// A run of it, which must end without an error.
struct KubernetesRun : ScriptRun {
  KubernetesRun(const RawServer& server, const std::string& body, const std::string& settings = {})
      : ScriptRun(k8s_script(server, body, settings), {"-i", "1"}) {
    CHECK_MESSAGE(exit_code() == 0, log());
    CHECK_MESSAGE(count("iteration_errors") == 0, log());
  }
};

}  // namespace perigee
