// Where perigee.k8s finds its cluster, and with what it says who it is.
#include <filesystem>
#include <fstream>

#include <doctest/doctest.h>

#include "tests/modules/k8s/api_server.h"

namespace perigee {
namespace {

void write(const std::string& path, const std::string& text) {
  std::ofstream(path) << text;
}

std::string kubeconfig(const RawServer& server, const std::string& user) {
  return "current-context: one\n"
         "contexts:\n- {name: one, context: {cluster: here, user: me, namespace: mine}}\n"
         "- {name: two, context: {cluster: nowhere, user: me}}\n"
         "clusters:\n- {name: here, cluster: {server: \"" +
         server.url("") + "\"}}\nusers:\n- name: me\n  user: " + user + "\n";
}

// One iteration that gets the ConfigMap a, by a client with these settings.
std::string script(const std::string& settings) {
  return "local k8s = require 'perigee.k8s' local c = k8s.client(" + settings +
         ") return { default = function() assert(c:get('ConfigMap', 'a')) end }";
}

std::string authorization(const std::string& request) {
  const std::string name = "\r\nAuthorization: ";
  const size_t at = request.find(name);
  if (at == std::string::npos) return "";
  const size_t begin = at + name.size();
  return request.substr(begin, request.find("\r\n", begin) - begin);
}

std::vector<std::string> authorizations(const RawServer& server) {
  std::vector<std::string> found;
  for (const std::string& request : server.requests())
    found.push_back(authorization(request));
  return found;
}

}  // namespace

TEST_CASE("a kubeconfig says server, namespace and token of its current context") {
  const RawServer server({api({ok(config_map("1", "1"))})});
  const ScratchFolder folder;
  write(folder / "config", kubeconfig(server, "{token: secret}"));
  ScriptRun run(script("{ kubeconfig = '" + (folder / "config") + "' }"), {"-i", "1"});
  CHECK_MESSAGE(run.count("iteration_errors") == 0, run.log());
  REQUIRE(server.requests().size() == 3);
  CHECK(server.requests()[2].starts_with("GET /api/v1/namespaces/mine/configmaps/a HTTP/1.1"));
  CHECK(authorizations(server) == std::vector<std::string>(3, "Bearer secret"));
}

TEST_CASE("of several kubeconfigs the first that has an entry counts") {
  const RawServer server({api({ok(config_map("1", "1"))})});
  const ScratchFolder folder;
  write(folder / "users", "users:\n- {name: me, user: {username: a, password: b}}\n");
  write(folder / "config", kubeconfig(server, "{token: secret}"));
  ScriptRun run(script("{ kubeconfig = '" + (folder / "users") + ":" + (folder / "config") + "' }"),
                {"-i", "1"});
  CHECK_MESSAGE(run.count("iteration_errors") == 0, run.log());
  CHECK(authorizations(server).back() == "Basic YTpi");
}

TEST_CASE("an exec plugin is run for its token, and again when the server refuses that") {
  const RawServer server(
      {api({status("401 Unauthorized", "Unauthorized"), ok(config_map("1", "1"))})});
  const ScratchFolder folder;
  write(folder / "plugin",
        "#!/bin/sh\necho x >>\"$0.runs\"\n"
        "printf '{\"kind\": \"ExecCredential\", \"status\": {\"token\": \"%s-%s\"}}' \"$NAME\" "
        "\"$(wc -l <\"$0.runs\" | tr -d ' ')\"\n");
  std::filesystem::permissions(folder / "plugin", std::filesystem::perms::owner_all);
  write(folder / "config",
        kubeconfig(server,
                   "{exec: {apiVersion: client.authentication.k8s.io/v1, command: ./plugin, "
                   "env: [{name: NAME, value: token}]}}"));
  ScriptRun run(script("{ kubeconfig = '" + (folder / "config") + "' }"), {"-i", "1"});
  CHECK_MESSAGE(run.count("iteration_errors") == 0, run.log());
  const std::vector<std::string> sent = authorizations(server);
  REQUIRE(sent.size() == 4);
  CHECK(sent[3] != sent[2]);
  CHECK(sent[3].starts_with("Bearer token-"));
}

TEST_CASE("a token's file is read again when the server refuses what it held") {
  const RawServer server(
      {api({status("401 Unauthorized", "Unauthorized"), ok(config_map("1", "1"))})});
  const ScratchFolder folder;
  write(folder / "token", "old\n");
  ScriptRun run("local k8s = require 'perigee.k8s' local c = k8s.client{ server = '" +
                    server.url("") + "', token_file = '" + (folder / "token") +
                    "' } return { default = function() assert(c:get('ConfigMap', 'a')) end }",
                {"-i", "1"});
  CHECK_MESSAGE(run.count("iteration_errors") == 0, run.log());
  CHECK(authorizations(server) == std::vector<std::string>(4, "Bearer old"));
}

TEST_CASE("a token's file is read again for a command in a pod, too") {
  const RawServer::Script refused = answers({status("401 Unauthorized", "Unauthorized")});
  const RawServer server({api({}), refused, refused});
  const ScratchFolder folder;
  write(folder / "token", "old\n");
  ScriptRun run("local k8s = require 'perigee.k8s' local c = k8s.client{ server = '" +
                    server.url("") + "', token_file = '" + (folder / "token") +
                    "' } return { default = function() "
                    "local _, failure = c:exec('p', 'true') assert(failure.code == 401) end }",
                {"-i", "1"});
  CHECK_MESSAGE(run.count("iteration_errors") == 0, run.log());
  CHECK(authorizations(server) == std::vector<std::string>(4, "Bearer old"));
}

TEST_CASE("what is wrong with a configuration is said") {
  const RawServer server({api({})});
  const ScratchFolder folder;
  write(folder / "config", kubeconfig(server, "{token: secret}"));
  write(folder / "none", "users: []\n");
  write(folder / "failing",
        kubeconfig(server, "{exec: {command: /bin/false, installHint: get it}}"));
  write(folder / "missing", kubeconfig(server, "{client-certificate: my.pem}"));
  const auto settings = [&](const std::string& name, const std::string& more = {}) {
    return "{ kubeconfig = '" + (folder / name) + "'" + more + " }";
  };
  for (const auto& [text, message] : std::vector<std::pair<std::string, std::string>>{
           {settings("absent"), "there is no cluster: no "},
           {settings("config", ", context = 'three'"), "has no context \"three\""},
           {settings("config", ", context = 'two'"), "has no cluster \"nowhere\""},
           {settings("none"), "has no current context"},
           {settings("failing"), "/bin/false ended with 1"},
           {settings("missing"), "client-certificate: there is no file"},
           {"{ server = 'here' }", "server must be a URL like https://host:6443, got here"},
           {"{ server = 'http://h', qps = 0 }", "qps must be a number of requests a second"},
           {"{ server = 'http://h', burst = 5 }", "qps must be a number of requests a second"},
           {"{ server = 'http://h', qps = 1, burst = 0.5 }", "burst must be a whole number"},
           {"{ servr = 'x' }", "there is no setting \"servr\""}}) {
    const ShortRun run = run_script(script(text), {"-i", "1"});
    CHECK(run.exit_code == 107);
    CHECK_MESSAGE(run.says(message), run.log);
  }
}

}  // namespace perigee
