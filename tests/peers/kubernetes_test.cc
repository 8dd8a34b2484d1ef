// perigee.k8s against a real API server, which the environment names; see
// tests/peers/with_kubernetes.
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "tests/process/script_run.h"

namespace perigee {
namespace {

std::string script_of(const std::string& body, const std::string& options) {
  return R"lua(
local perigee = require "perigee"
local k8s = require "perigee.k8s"
local execution = require "perigee.execution"
local function map(name, namespace)
  return {
    apiVersion = "v1", kind = "ConfigMap", metadata = { name = name, namespace = namespace },
    data = { x = "1" },
  }
end
local function expect(value, wanted)
  if value ~= wanted then
    error(("%s instead of %s"):format(tostring(value), tostring(wanted)), 2)
  end
end
local function make_namespace(name)
  assert(k8s.create{ apiVersion = "v1", kind = "Namespace", metadata = { name = name } })
end
local M = { options = )lua" +
         options + R"lua( }
function M.default()
)lua" + body +
         "\nend\nreturn M";
}

// A run of it, whose iterations must all end without an error.
struct Iterations : ScriptRun {
  explicit Iterations(const std::string& body, const std::string& options = "{ iterations = 1 }")
      : ScriptRun(script_of(body, options)) {}

  void check() {
    CHECK_MESSAGE(exit_code() == 0, log());
    CHECK_MESSAGE(count("iteration_errors") == 0, log());
  }
};

// Runs a script of tests/cluster, and returns what it has written.
std::string cluster(const std::string& name, const std::vector<std::string>& arguments) {
  const char* folder = std::getenv("KUBERNETES");
  REQUIRE(folder != nullptr);
  std::vector<std::string> command{std::string(folder) + "/" + name};
  command.insert(command.end(), arguments.begin(), arguments.end());
  const ProcessResult result = run_process(command);
  REQUIRE_MESSAGE(result.exit_code == 0, result.err);
  return result.out;
}

void write(const std::string& path, const std::string& text) {
  std::ofstream(path) << text;
}

std::string kubectl(const std::vector<std::string>& arguments) {
  return cluster("kubectl", arguments);
}

}  // namespace

TEST_CASE(
    "50 users apply 1,000 documents, wait for them and see each go, by one watch per worker") {
  Iterations run(R"lua(
    local name = "c" .. execution.scenario.iteration_in_test
    local made = assert(k8s.apply(map(name, "default")))
    expect(assert(k8s.wait{ made, jsonpath = "{.data.x}=1" }).metadata.uid, made.metadata.uid)
    assert(k8s.delete(made, { wait = "30s" }))
  )lua",
                 "{ vus = 50, iterations = 1000 }");
  run.check();
  CHECK(run.count("iterations") == 1000);
  // Two calls each, and for each worker its questions for kinds, a list and a watch.
  CHECK(run.count("k8s_reqs") >= 2000);
  CHECK(run.count("k8s_reqs") <= 2000 + 4 * 64);
  CHECK(run.passes("k8s_req_failed") == 0);
  CHECK(run.count("k8s_created_to_seen") > 0);
  CHECK(run.count("k8s_deleted_to_gone") > 0);
}

TEST_CASE("every verb does to the server's objects what it says") {
  Iterations run(R"lua(
    make_namespace("verbs")
    local made = assert(k8s.create(map("a", "verbs")))
    expect(select(2, k8s.create(map("a", "verbs"))).reason, "AlreadyExists")
    made.data.x = "2"
    assert(k8s.update(made))
    local _, stale = k8s.update(made)
    expect(stale.code, 409)
    expect(stale.reason, "Conflict")
    assert(k8s.patch("cm", "a", { data = { y = "3" } }, "verbs"))
    assert(k8s.patch("cm", "a", { { op = "replace", path = "/data/y", value = "4" } }, "verbs"))
    assert(k8s.patch("cm", "a", { data = { z = "5" } }, { namespace = "verbs", type = "strategic" }))
    local found = assert(k8s.get("ConfigMap", "a", "verbs"))
    expect(found.data.x .. found.data.y .. found.data.z, "245")
    local _, owned = k8s.apply(map("a", "verbs"), { field_manager = "other" })
    expect(owned.code, 409)
    expect(#owned.managers, 1)
    assert(k8s.apply(map("a", "verbs"), { field_manager = "other", force = true }))
    for i = 1, 7 do
      local other = map("b" .. i, "verbs")
      other.metadata.labels = { app = "b" }
      assert(k8s.create(other))
    end
    local list = assert(k8s.list("ConfigMap", { namespace = "verbs", label_selector = "app=b", limit = 2 }))
    expect(#list.items, 7)
    assert(k8s.create{ apiVersion = "apps/v1", kind = "Deployment",
      metadata = { name = "d", namespace = "verbs" },
      spec = { replicas = 0, selector = { matchLabels = { a = "d" } },
        template = { metadata = { labels = { a = "d" } },
          spec = { containers = { { name = "a", image = "none" } } } } } })
    expect(assert(k8s.scale("deploy", "d", 2, "verbs")).spec.replicas, 2)
    expect(assert(k8s.scale("deploy", "d", nil, "verbs")).spec.replicas, 2)
    assert(k8s.patch("deploy", "d", { status = { observedGeneration = 7 } },
      { namespace = "verbs", subresource = "status" }))
    assert(k8s.wait{ kind = "Deployment", name = "d", namespace = "verbs",
      jsonpath = "{.status.replicas}=2" })
    local pod = assert(k8s.list("Pod", "verbs")).items[1]
    expect(k8s.logs(pod.metadata.name, "verbs"), "")
    local seen = 0
    for event in k8s.watch("ConfigMap", { namespace = "verbs", label_selector = "app=b" }) do
      expect(event.type, "ADDED")
      seen = seen + 1
      if seen == 7 then break end
    end
    expect(assert(k8s.request("GET", "/version")).major, "1")
    assert(k8s.delete("ConfigMap", "a", { namespace = "verbs", wait = "20s" }))
    expect(select(2, k8s.get("ConfigMap", "a", "verbs")).reason, "NotFound")
    assert(k8s.delete("Namespace", "verbs", { wait = "60s" }))
  )lua");
  run.check();
}

TEST_CASE("what the server refuses is told apart") {
  Iterations run(R"lua(
    make_namespace("refused")
    assert(k8s.create{ apiVersion = "v1", kind = "ResourceQuota",
      metadata = { name = "few", namespace = "refused" }, spec = { hard = { secrets = "0" } } })
    assert(k8s.wait{ kind = "ResourceQuota", name = "few", namespace = "refused",
      jsonpath = "{.status.hard.secrets}=0" })
    local _, quota = k8s.create{ apiVersion = "v1", kind = "Secret",
      metadata = { name = "s", namespace = "refused" } }
    expect(quota.code, 403)
    assert(quota.message:find("exceeded quota"), quota.message)
    local _, none = k8s.get("Model.mlops.seldon.io", "m")
    expect(none.reason, "NoKind")
    assert(k8s.create{ apiVersion = "apiextensions.k8s.io/v1", kind = "CustomResourceDefinition",
      metadata = { name = "models.mlops.seldon.io" },
      spec = { group = "mlops.seldon.io", scope = "Namespaced",
        names = { kind = "Model", plural = "models", singular = "model" },
        versions = { { name = "v1alpha1", served = true, storage = true, subresources = { status = {} },
          schema = { openAPIV3Schema = { type = "object",
            ["x-kubernetes-preserve-unknown-fields"] = true } } } } } })
    assert(k8s.wait{ kind = "CustomResourceDefinition", name = "models.mlops.seldon.io",
      condition = "Established" })
    local model
    for _ = 1, 20 do
      model = k8s.apply{ apiVersion = "mlops.seldon.io/v1alpha1", kind = "Model",
        metadata = { name = "m", namespace = "refused" }, spec = { replicas = 1 } }
      if model then break end
      perigee.sleep(0.3)
    end
    expect(assert(model).spec.replicas, 1)
    assert(k8s.patch("Model.mlops.seldon.io", "m", { status = { conditions = {
      { type = "ModelReady", status = "True", lastTransitionTime = "2026-01-01T00:00:00Z" } } } },
      { namespace = "refused", subresource = "status" }))
    assert(k8s.wait{ model, condition = "ModelReady" })
    local _, wrong = k8s.request("POST", "/api/v1/namespaces/refused/configmaps", "no JSON")
    expect(wrong.code, 400)
    assert(k8s.create{ apiVersion = "admissionregistration.k8s.io/v1",
      kind = "ValidatingWebhookConfiguration", metadata = { name = "away" }, webhooks = { {
        name = "away.example.org", admissionReviewVersions = { "v1" }, sideEffects = "None",
        timeoutSeconds = 1, clientConfig = { url = "https://127.0.0.1:1/" },
        rules = { { apiGroups = { "" }, apiVersions = { "v1" }, operations = { "CREATE" },
          resources = { "endpoints" } } } } } })
    local _, webhook
    for _ = 1, 20 do
      _, webhook = k8s.create({ apiVersion = "v1", kind = "Endpoints",
        metadata = { generateName = "e", namespace = "refused" } }, { dry_run = true })
      if webhook then break end
      perigee.sleep(0.3)
    end
    assert(webhook.message:find("webhook"), webhook.message)
    assert(k8s.delete("ValidatingWebhookConfiguration", "away"))
    assert(k8s.delete("CustomResourceDefinition", "models.mlops.seldon.io", { wait = true }))
    assert(k8s.delete("Namespace", "refused"))
    assert(k8s.wait{ kind = "Namespace", name = "refused", gone = true })
  )lua");
  run.check();
}

TEST_CASE(
    "a server that is started anew in the middle of a watch hides no change from those who wait") {
  Iterations run(R"lua(
    assert(k8s.apply{ map("stays", "default"), map("goes", "default") })
    assert(k8s.wait{ map("goes", "default"), jsonpath = "{.data.x}=1" })
    print("waits")
    expect(k8s.wait{ map("goes", "default"), gone = true, timeout = "90s" }, true)
    assert(k8s.patch("cm", "stays", { data = { x = "2" } }, "default"))
    expect(assert(k8s.wait{ map("stays", "default"), jsonpath = "{.data.x}=2" }).data.x, "2")
    assert(k8s.delete(map("stays", "default")))
  )lua");
  run.process().wait_for_error("waits");
  cluster("apiserver", {"stop"});
  cluster("apiserver", {"start"});
  kubectl({"delete", "configmap", "goes"});
  run.check();
  CHECK(run.count("k8s_watch_restarts") > 0);
  CHECK(run.passes("k8s_req_failed") == 0);
  CHECK_FALSE(run.logged("Request Failed"));
}

TEST_CASE("a namespace that is being deleted takes nothing new, and a wait says what holds it") {
  Iterations run(R"lua(
    make_namespace("ending")
    local kept = map("kept", "ending")
    kept.metadata.finalizers = { "example.org/kept" }
    assert(k8s.create(kept))
    assert(k8s.delete("Namespace", "ending"))
    assert(k8s.wait{ kind = "Namespace", name = "ending", jsonpath = "{.status.phase}=Terminating" })
    local _, refused = k8s.create(map("late", "ending"))
    expect(refused.code, 403)
    assert(refused.message:find("being terminated"), refused.message)
    assert(k8s.delete("ConfigMap", "kept", "ending"))
    local _, held = k8s.wait{ kind = "ConfigMap", name = "kept", namespace = "ending",
      gone = true, timeout = "50ms" }
    expect(held.reason, "Timeout")
    assert(k8s.patch("ConfigMap", "kept", { { op = "remove", path = "/metadata/finalizers" } },
      "ending"))
    expect(k8s.wait{ kind = "Namespace", name = "ending", gone = true }, true)
  )lua");
  run.check();
}

TEST_CASE("tokens that have become others are fetched again when the server refuses them") {
  const ScratchFolder folder;
  const std::string token = kubectl({"create", "token", "default"});
  write(folder / "token", "old");
  write(folder / "plugin",
        "#!/bin/sh\nprintf '{\"kind\": \"ExecCredential\", \"status\": "
        "{\"token\": \"%s\"}}' \"$(cat \"$1\")\"\n");
  std::filesystem::permissions(folder / "plugin", std::filesystem::perms::owner_all);
  const std::string server =
      kubectl({"config", "view", "--minify", "-o", "jsonpath={.clusters[0].cluster.server}"});
  write(folder / "config",
        "current-context: a\ncontexts: [{name: a, context: {cluster: a, user: a}}]\n"
        "clusters: [{name: a, cluster: {server: '" +
            server +
            "', insecure-skip-tls-verify: true}}]\n"
            "users: [{name: a, user: {exec: {apiVersion: client.authentication.k8s.io/v1, "
            "command: ./plugin, args: ['" +
            (folder / "token") + "']}}}]\n");
  ScriptRun run(R"lua(
local k8s = require "perigee.k8s"
local by_plugin = k8s.client{ kubeconfig = ")lua" +
                    (folder / "config") + R"lua(" }
local by_file = k8s.client{ server = ")lua" +
                    server + R"lua(", insecure = true,
  token_file = ")lua" +
                    (folder / "token") + R"lua(" }
local tries = 0
return { default = function()
  for _, client in ipairs({ by_plugin, by_file }) do
    local _, refused = client:request("GET", "/version")
    assert(refused.code == 401, tostring(refused))
  end
  print("refused")
  for _, client in ipairs({ by_plugin, by_file }) do
    repeat
      local version = client:request("GET", "/version")
      tries = tries + 1
      assert(tries < 1000, "the new token should have been read")
    until version
  end
end })lua",
                {"-i", "1"});
  run.process().wait_for_error("refused");
  write(folder / "token", token);
  CHECK_MESSAGE(run.exit_code() == 0, run.log());
  CHECK_MESSAGE(run.count("iteration_errors") == 0, run.log());
}

TEST_CASE("an account without rights is forbidden, and a wrong token is no account") {
  const std::string server =
      kubectl({"config", "view", "--minify", "-o", "jsonpath={.clusters[0].cluster.server}"});
  const std::string token = kubectl({"create", "token", "default"});
  ScriptRun run(R"lua(
local k8s = require "perigee.k8s"
local function client(token)
  return k8s.client{ server = ")lua" +
                    server + R"lua(", token = token, insecure = true }
end
local known, unknown = client(")lua" +
                    token.substr(0, token.find('\n')) + R"lua("), client("wrong")
local unchecked = k8s.client{ server = ")lua" +
                    server + R"lua(", token = "wrong" }
return { default = function()
  local _, forbidden = known:list("Pod")
  assert(forbidden.code == 403 and forbidden.reason == "Forbidden", tostring(forbidden))
  local _, unauthorized = unknown:request("GET", "/version")
  assert(unauthorized.code == 401 and unauthorized.reason == "Unauthorized", tostring(unauthorized))
  local _, untrusted = unchecked:request("GET", "/version")
  assert(untrusted.reason == "Connection", tostring(untrusted))
end })lua",
                {"-i", "1"});
  CHECK_MESSAGE(run.exit_code() == 0, run.log());
  CHECK_MESSAGE(run.count("iteration_errors") == 0, run.log());
}

}  // namespace perigee
