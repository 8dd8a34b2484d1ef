// The commands beside run and serve: what people type, and what they get for it.
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>

#include <doctest/doctest.h>

#include "tests/process/script_run.h"
#include "tests/support/target_process.h"

namespace perigee {
namespace {

using nlohmann::json;

ProcessResult perigee(std::vector<std::string> words, const std::string& folder = "") {
  words.insert(words.begin(), perigee_program());
  return run_process(words, {.folder = folder});
}

constexpr const char* kScript = R"lua(
print("looked at")
return {
  options = {
    scenarios = {
      first = { executor = "constant-vus", vus = 4, duration = "30s" },
      late = { executor = "shared-iterations", vus = 2, iterations = 10, startTime = "2m" },
    },
    thresholds = { checks = { "rate>0.9" } },
  },
  default = function() end,
}
)lua";

// What bash offers after these words.
std::string completed(const std::string& words, int at) {
  const std::string script = "source <(" + perigee_program() + " completion bash); COMP_WORDS=(" +
                             words + "); COMP_CWORD=" + std::to_string(at) +
                             "; _perigee; echo \"${COMPREPLY[@]}\"";
  const ProcessResult result = run_process({"/bin/bash", "-c", script});
  INFO(result.err);
  CHECK(result.exit_code == 0);
  return result.out;
}

}  // namespace

TEST_CASE("inspect prints the options of a script as JSON and nothing else") {
  const ScratchFolder folder;
  std::ofstream(folder / "script.lua") << kScript;
  const ProcessResult result = perigee({"inspect", "script.lua"}, folder / "");
  INFO(result.err);
  CHECK(result.exit_code == 0);
  const json options = json::parse(result.out);
  CHECK(options["scenarios"]["first"]["vus"] == 4);
  CHECK(options["scenarios"]["late"]["startTime"] == "2m");
  CHECK(options["thresholds"]["checks"] == json{"rate>0.9"});
  CHECK(options["maxRedirects"] == 10);
  CHECK_FALSE(options.contains("maxVUs"));
}

TEST_CASE("inspect --execution-requirements says how long and how many VUs") {
  const ScratchFolder folder;
  std::ofstream(folder / "script.lua") << kScript;
  const auto required = [&](std::vector<std::string> flags) {
    flags.insert(flags.begin(), {"inspect", "--execution-requirements", "script.lua"});
    return json::parse(perigee(flags, folder / "").out);
  };
  CHECK(required({})["totalDuration"] == "12m30s");
  CHECK(required({})["maxVUs"] == 4);
  CHECK(required({"-u", "9", "-d", "1m"})["totalDuration"] == "1m30s");
  CHECK(required({"-u", "9", "-d", "1m"})["maxVUs"] == 9);
  CHECK(required({"-u", "9", "-d", "1m"})["scenarios"]["default"]["executor"] == "constant-vus");
}

TEST_CASE("inspect --check lists names and fields that there are not, and ends with 104") {
  const ScratchFolder folder;
  const std::string top = "local http = require 'perigee.http'\nreturn { default = function()\n";
  std::ofstream(folder / "right.lua") << top << "  http.get('http://127.0.0.1:1/') end }";
  std::ofstream(folder / "wrong.lua") << top << "  if tokn then http.gett(tokn) end end }";
  const ProcessResult right = perigee({"inspect", "--check", "right.lua"}, folder / "");
  CHECK(right.exit_code == 0);
  CHECK(right.err.empty());
  CHECK(right.out == perigee({"inspect", "right.lua"}, folder / "").out);
  const ProcessResult wrong = perigee({"inspect", "--check", "wrong.lua"}, folder / "");
  CHECK(wrong.exit_code == 104);
  CHECK(wrong.out.empty());
  CHECK(wrong.err.find("level=error msg=\"wrong.lua:3: there is no variable \\\"tokn\\\"\"") !=
        std::string::npos);
  CHECK(wrong.err.find("level=error msg=\"wrong.lua:3: there is no perigee.http.gett") !=
        std::string::npos);
  // A run warns of the names alone, and goes on.
  const ProcessResult run = perigee({"run", "-q", "-i", "1", "wrong.lua"}, folder / "");
  CHECK(run.exit_code == 0);
  CHECK(run.err.find("level=warning msg=\"wrong.lua:3: there is no variable \\\"tokn\\\"\"") !=
        std::string::npos);
  CHECK(run.err.find("gett") == std::string::npos);
}

TEST_CASE("what inspect prints is a configuration file") {
  const ScratchFolder folder;
  std::ofstream(folder / "script.lua") << kScript;
  std::ofstream(folder / "empty.lua") << "return { default = function() end }";
  const std::string printed = perigee({"inspect", "script.lua"}, folder / "").out;
  std::ofstream(folder / "options.json") << printed;
  CHECK(perigee({"inspect", "--config", "options.json", "empty.lua"}, folder / "").out == printed);
}

TEST_CASE("inspect ends as a run would when something is wrong") {
  const ScratchFolder folder;
  std::ofstream(folder / "script.lua") << "return { options = { vuss = 1 } }";
  std::ofstream(folder / "broken.lua") << "return {";
  std::ofstream(folder / "abort.lua") << "require('perigee').abort('no')";
  CHECK(perigee({"inspect", "script.lua"}, folder / "").exit_code == 104);
  CHECK(perigee({"inspect", "--vus", "x", "script.lua"}, folder / "").exit_code == 104);
  CHECK(perigee({"inspect", "broken.lua"}, folder / "").exit_code == 107);
  CHECK(perigee({"inspect", "abort.lua"}, folder / "").exit_code == 108);
}

TEST_CASE("every template of new runs as it is against the target") {
  const TargetProcess target;
  const std::map<std::string, std::string> urls{
      {"minimal", target.url() + "/v2/health/ready"},
      {"breakpoint", target.url() + "/v2/health/ready"},
      {"completion", target.url()},
      {"csv", target.url()},
      {"http", target.url() + "/v2/health/ready"},
      {"inference", target.url()},
      {"session", target.url()},
      {"websocket", "ws" + target.url().substr(std::string_view("http").size()) + "/ws/echo"}};
  for (const auto& entry : urls) {
    const std::string& name = entry.first;
    const std::string& url = entry.second;
    INFO(name);
    const ScratchFolder folder;
    const ProcessResult written = perigee({"new", "--template", name, "first.lua"}, folder / "");
    CHECK(written.exit_code == 0);
    CHECK(written.out.find("perigee run first.lua\n") != std::string::npos);
    std::vector<std::string> words{"run", "-q", "-e", "DURATION=1s", "first.lua"};
    words.insert(words.begin() + 1, {"-e", "URL=" + url});
    const bool has_scenarios = name == "inference" || name == "breakpoint";
    if (!has_scenarios) words.insert(words.begin() + 1, {"-d", "1s"});
    const ProcessResult run = perigee(words, folder / "");
    INFO(run.out, run.err);
    CHECK(run.exit_code == 0);
    CHECK(run.out.find("checks_succeeded...: 100.00%") != std::string::npos);
  }
}

TEST_CASE("new tells editors where the definitions are, and leaves their settings alone") {
  const ScratchFolder folder;
  CHECK(perigee({"new"}, folder / "").exit_code == 0);
  const json settings = json::parse(read_text(folder / ".luarc.json"));
  CHECK(settings["runtime.version"] == "LuaJIT");
  const std::string library = settings["workspace.library"][0];
  CHECK(std::filesystem::exists(library + "/perigee/http.lua"));
  std::ofstream(folder / ".luarc.json") << "mine";
  CHECK(perigee({"new", "second.lua"}, folder / "").exit_code == 0);
  CHECK(read_text(folder / ".luarc.json") == "mine");
}

TEST_CASE("new --from k6 takes over what needs no guess, and its functions fail until ported") {
  const ScratchFolder folder;
  std::ofstream(folder / "shop.js") << R"js(import http from 'k6/http';
import { check, sleep } from "k6";
import { randomItem } from 'https://jslib.k6.io/k6-utils/1.4.0/index.js';
import x from './own.js';

const host = __ENV.HOST || 'http://localhost'; // "the shop's

export const options = {
  scenarios: {
    'steady-rate': { executor: "constant-arrival-rate", rate: 5, duration: '1s', timeUnit: `1s`,
      preAllocatedVUs: 2, exec: 'buy', },
  },
  /* what must hold */
  thresholds: { http_req_failed: ['rate<0.01'], 'http_req_duration{a:b}': ["p(95)<500"] },
  userAgent: __ENV.AGENT || 'shop',
};

export function setup() { return { token: 'x' }; }

export function buy(data) {
  const res = http.get(`${host}/items/{${data.token}`);
  check(res, { 'is } fine': (r) => r.json().ok });
  sleep(1);
}

const helper = (a) => {
  return a + 1;
};
)js";
  const ProcessResult written =
      perigee({"new", "--from", "k6", "shop.js", "shop.lua"}, folder / "");
  CHECK(written.out.ends_with("perigee inspect --check shop.lua\n"));
  const std::string script = read_text(folder / "shop.lua");
  CAPTURE(script);
  for (const char* part :
       {"local http = require \"perigee.http\"\n", "local random = require \"perigee.random\"\n",
        "-- import x from './own.js';\n", "-- const host = __ENV.HOST || 'http://localhost';",
        "[\"steady-rate\"] = {\n", "[\"http_req_duration{a:b}\"] = {\n",
        "-- to be computed, in JavaScript: userAgent: __ENV.AGENT || 'shop'\n",
        "function M.setup()\n", "function M.buy(data)\n  --   const res = http.get(",
        "here: check is perigee.check(value, checks)\n", "local function helper(a)\n",
        "error(\"buy of shop.js has not been ported yet\")\n"})
    CHECK_MESSAGE(script.find(part) != std::string::npos, part);
  CHECK(perigee({"inspect", "--check", "shop.lua"}, folder / "").exit_code == 0);
  const ProcessResult run = perigee({"run", "-q", "shop.lua"}, folder / "");
  CHECK(run.exit_code != 0);
  CHECK(run.err.find("setup of shop.js has not been ported yet") != std::string::npos);
  CHECK(perigee({"new", "--from", "k6", "none.js", "-f", "shop.lua"}, folder / "").exit_code ==
        104);
}

TEST_CASE("new does not overwrite a file unless it is told to") {
  const ScratchFolder folder;
  CHECK(perigee({"new"}, folder / "").exit_code == 0);
  const std::string first = read_text(folder / "script.lua");
  CHECK(first.starts_with("-- The smallest scenario that sends a request."));
  std::ofstream(folder / "script.lua") << "mine";
  const ProcessResult again = perigee({"new"}, folder / "");
  CHECK(again.exit_code == 104);
  CHECK(again.err.find("script.lua is there already; --force overwrites it") != std::string::npos);
  CHECK(read_text(folder / "script.lua") == "mine");
  CHECK(perigee({"new", "-f"}, folder / "").exit_code == 0);
  CHECK(read_text(folder / "script.lua") == first);
  CHECK(unescaped(perigee({"new", "--template", "htp", "x.lua"}, folder / "").err)
            .find("--template: \"htp\" is none of minimal, breakpoint, completion, csv, http, "
                  "inference, session, websocket (did you mean "
                  "\"http\"?)") != std::string::npos);
  CHECK(perigee({"new", "missing/x.lua"}, folder / "").exit_code == 104);
}

TEST_CASE("a script may come from stdin") {
  const ScratchFolder folder;
  std::ofstream(folder / "script.lua") << "return { default = function() print('here') end }";
  std::ofstream(folder / "broken.lua") << "return {";
  const auto piped = [&](const std::string& file) {
    return run_process({"/bin/bash", "-c", "cat " + file + " | " + perigee_program() + " run -q -"},
                       {.folder = folder / ""});
  };
  const ProcessResult run = piped("script.lua");
  CHECK(run.exit_code == 0);
  CHECK(run.err.find("msg=here") != std::string::npos);
  const ProcessResult broken = piped("broken.lua");
  CHECK(broken.exit_code == 107);
  CHECK(broken.err.find("stdin:1: ") != std::string::npos);
}

TEST_CASE("the version, for people and as JSON") {
  const std::string version = perigee({"version"}).out;
  CHECK(version.starts_with("perigee "));
  CHECK(perigee({"--version"}).out == version);
  const json parsed = json::parse(perigee({"version", "--json"}).out);
  CHECK("perigee " + parsed["version"].get<std::string>() + "\n" == version);
  CHECK(perigee({"version", "--jsn"}).exit_code == 104);
}

TEST_CASE("library says where the definitions for editors lie") {
  std::string folder = perigee({"library"}).out;
  REQUIRE(!folder.empty());
  folder.pop_back();
  CHECK(std::filesystem::exists(std::filesystem::path(folder) / "perigee" / "http.lua"));
}

TEST_CASE("help of a command is its own") {
  CHECK(perigee({"help", "run"}).out == perigee({"run", "--help"}).out);
  CHECK(perigee({"help", "new"}).out == perigee({"new", "--help"}).out);
  CHECK(perigee({"help", "serve"}).out == perigee({"serve", "--help"}).out);
  CHECK(perigee({"help", "library"}).out.find("where the definitions for editors lie") !=
        std::string::npos);
  const ProcessResult unknown = perigee({"help", "rnu"});
  CHECK(unknown.exit_code == 104);
  CHECK(unescaped(unknown.err).find("there is no command \"rnu\" (did you mean \"run\"?)") !=
        std::string::npos);
}

TEST_CASE("help shows the pages for people who come from k6, without the repository") {
  CHECK(perigee({"help", "from-k6"}).out == read_text("docs/from-k6.md"));
  CHECK(perigee({"help", "lua"}).out == read_text("docs/lua-for-k6.md"));
  CHECK(perigee({"help"}).out.find("perigee help from-k6") != std::string::npos);
  CHECK(unescaped(perigee({"help", "form-k6"}).err).find("did you mean \"from-k6\"?") !=
        std::string::npos);
  CHECK(completed("perigee help fr", 2) == "from-k6\n");
}

TEST_CASE("bash completes commands, flags and shells") {
  CHECK(completed("perigee ''", 1) ==
        "run http grpc infer report compare merge upload inspect new serve library completion "
        "version help\n");
  CHECK(completed("perigee in", 1) == "infer inspect\n");
  CHECK(completed("perigee run --vu", 2) == "--vus\n");
  CHECK(completed("perigee run --no-t", 2) == "--no-teardown --no-thresholds\n");
  CHECK(completed("perigee serve --lat", 2) == "--latency\n");
  CHECK(completed("perigee new --fo", 2) == "--force\n");
  CHECK(completed("perigee http --req", 2) == "--requests --request\n");
  CHECK(completed("perigee grpc --pla", 2) == "--plaintext\n");
  CHECK(completed("perigee completion z", 2) == "zsh\n");
  CHECK(completed("perigee help co", 2) == "compare completion\n");
  CHECK(completed("perigee grpc 127.0.0.1:9000 de", 3) == "describe\n");
  CHECK(completed("perigee run CMakeL", 2) == "CMakeLists.txt\n");
  CHECK(completed("perigee run --config CMakeL", 3) == "CMakeLists.txt\n");
  CHECK(completed("perigee run --summary-mode ''", 3) == "compact full disabled\n");
  CHECK(completed("perigee run --log-format j", 3) == "json\n");
  CHECK(completed("perigee new --template i", 3) == "inference\n");
  CHECK(completed("perigee run --vus ''", 3) == "\n");
  CHECK(completed("perigee run --out p", 3) == "prometheus= prometheus-rw=\n");
  CHECK(completed("perigee http --out cs", 3) == "csv=\n");
  CHECK(completed("perigee run --out csv = CMakeL", 5) == "CMakeLists.txt\n");
  CHECK(completed("perigee run --summary-mode = f", 4) == "full\n");
}

TEST_CASE("completions are well-formed, and there are two") {
  CHECK(run_process({"/bin/bash", "-c", perigee_program() + " completion bash | bash -n"})
            .exit_code == 0);
  const std::string zsh = perigee({"completion", "zsh"}).out;
  CHECK(zsh.starts_with("#compdef perigee\n"));
  CHECK(zsh.find("'*'{-u,--vus}'[number of virtual users]:N: '") != std::string::npos);
  CHECK(zsh.find(":TYPE=FILE:{if compset -P \"*=\"; then _files; else compadd -S \"\" -- csv= ") !=
        std::string::npos);
  CHECK(zsh.find(":compact|full|disabled:(compact full disabled)'") != std::string::npos);
  CHECK(perigee({"completion", "fish"}).exit_code == 104);
}

TEST_CASE("perigee serve at an address in use says so, as a mistake of configuration") {
  const TargetProcess first;
  const ProcessResult second =
      perigee({"serve", "--port", first.url().substr(first.url().rfind(':') + 1)});
  CHECK(second.exit_code == 104);
  CHECK_MESSAGE(second.err.find("Address already in use") != std::string::npos, second.err);
  CHECK(second.out == "");
}

}  // namespace perigee
