// Scripts with something wrong in them: what people are told, and the exit code.
#include <doctest/doctest.h>

#include "tests/process/script_run.h"

namespace perigee {
namespace {

struct BadScript {
  std::string what;
  std::string script;
  std::string message;
};

// Those that fail while they are loaded.
const BadScript kInitErrors[] = {
    {"a syntax error", "local M = {\nreturn M", "script.lua:2: unexpected symbol near 'return'"},
    {"an error in the main chunk", "local x\nx.y = 1", "script.lua:2: attempt to index local 'x'"},
    {"error() in the main chunk", "\nerror('no model')", "script.lua:2: no model"},
    {"no table returned", "local M = {}",
     "script.lua: the script must return a table with its functions and options, e.g. end with "
     "\"return M\"; it returned nothing"},
    {"a table that raises errors for what it lacks",
     "return setmetatable({}, { __index = function(_, key) error('no field ' .. key) end })",
     "script.lua:1: no field options"},
    {"a number returned", "return 5",
     "script.lua: the script must return a table with its functions and options, e.g. end with "
     "\"return M\"; it returned number"},
    {"a misspelt module", "local http = require 'perigee.htp'",
     "script.lua:1: require: there is no module \"perigee.htp\" (did you mean \"perigee.http\"?); "
     "looked for perigee/htp.lua, perigee/htp/init.lua"},
    {"a module of k6", "local http = require 'k6/http'",
     "script.lua:1: require: there is no module \"k6/http\" (did you mean \"perigee.http\"?)"},
    {"k6 itself", "local k6 = require 'k6'",
     "script.lua:1: require: there is no module \"k6\" (did you mean \"perigee\"?)"},
    {"an endless loop", "\nwhile true do end", "script.lua:2: stopped: the script ran too long"},
    {"a yield", "coroutine.yield()", "script.lua: the script yields while it is loading"},
    {"a file that is not there", "open('body.json')",
     "script.lua:1: cannot read body.json: No such file or directory"},
    {"http.get", "require 'perigee.http'.get('http://127.0.0.1:1/')",
     "script.lua:1: http.get can't be called while the script is loading; call it in setup(), in a "
     "scenario's function or in teardown()"},
    {"http.batch", "require 'perigee.http'.batch({})", "script.lua:1: http.batch can't be called"},
    {"sleep", "require 'perigee'.sleep(1)", "script.lua:1: perigee.sleep can't be called while"},
    {"check", "require 'perigee'.check(1, { one = true })",
     "script.lua:1: perigee.check can't be called while the script is loading"},
    {"group", "require 'perigee'.group('g', print)",
     "script.lua:1: perigee.group can't be called while"},
    {"execution.scenario", "print(require 'perigee.execution'.scenario.name)",
     "script.lua:1: execution.scenario can't be called while the script is loading"},
    {"test.fail", "require 'perigee.execution'.test.fail()",
     "script.lua:1: execution.test.fail can't be called while the script is loading"},
    {"a malformed metric name", "require 'perigee.metrics'.counter('a b')",
     "script.lua:1: metrics.counter: metric name \"a b\" is not valid"},
    {"a metric of two kinds", "require 'perigee.metrics'.gauge('http_reqs')",
     "script.lua:1: metrics.gauge: metric \"http_reqs\" exists already as a counter, it can't be a "
     "gauge too"}};

// Those that fail in an iteration, which is counted and does not end the run.
const BadScript kIterationErrors[] = {
    {"an error", "local x\nx.y = 1", "script.lua:5: attempt to index local 'x' (a nil value)"},
    {"fail()", "perigee.fail('no answer')", "script.lua:4: no answer"},
    {"a misspelt function", "http.gett(url)",
     "script.lua:4: there is no perigee.http.gett (did you mean \"get\"?)"},
    {"a misspelt response field", "local res = http.get(url) print(res.stauts)",
     "script.lua:4: a response has no field \"stauts\"; there are status, status_text, body, "
     "headers, trailers, cookies, url, proto, error, error_code, timings, remote_ip, remote_port, "
     "request, tls_version, tls_cipher_suite, tls_resumed, json()"},
    {"a misspelt request parameter", "http.get(url, { header = {} })",
     "script.lua:4: http.get: there is no request parameter \"header\" (did you mean "
     "\"headers\"?)"},
    {"a malformed timeout", "http.get(url, { timeout = 'soon' })",
     "script.lua:4: http.get: timeout must be a duration above 0 like \"10s\", or a number of "
     "milliseconds"},
    {"a function as body", "http.post(url, print)",
     "script.lua:4: http.post: body must be a string, a table (a form), http.body_file(...) or "
     "http.body_from(...), got a function; use "
     "json.encode for JSON"},
    {"no URL", "http.get()",
     "script.lua:4: http.get: url must be a string, or what http.url returns, got nil (write "
     "http.get(url, params))"},
    {"a colon for a dot", "http:get(url)",
     "script.lua:4: http.get: write http.get(url, params), with a dot instead of the colon"},
    {"open", "open('body.json')",
     "script.lua:4: open \"body.json\": files are read at the top of the script, not while it "
     "runs"},
    {"require", "require('helpers')",
     "script.lua:4: require \"helpers\": it was not required when the script was loaded first"},
    {"require of a module of ours", "require('perigee.json')",
     "script.lua:4: require \"perigee.json\": it was not required when the script was loaded "
     "first"},
    {"a new metric", "metrics.counter('late')",
     "script.lua:4: metrics.counter: the metric late must be created at the top of the script, not "
     "while it runs"},
    {"sleep with a word", "perigee.sleep('x')",
     "script.lua:4: perigee.sleep: seconds must be a number, got the string "},
    {"sleep back in time", "perigee.sleep(-1)",
     "script.lua:4: perigee.sleep: -1 is no number of seconds"},
    {"a check without name", "perigee.check(1, { [7] = true })",
     "script.lua:4: perigee.check: the name of a check must be a string, got 7"},
    {"a group without function", "perigee.group('g')",
     "script.lua:4: perigee.group: f must be a function, got nil"},
    {"a misspelt field of perigee.execution", "print(execution.vu.idd)",
     "script.lua:4: there is no execution.vu.idd; there are id_in_instance, id_in_test"},
    {"writing to a module", "http.get = print", "script.lua:4: the module perigee.http is"},
    {"writing to Lua's own tables", "string.trim = print",
     "script.lua:4: the table string is read-only"}};

std::string iteration_script(const std::string& body) {
  return "local perigee, http = require 'perigee', require 'perigee.http' "
         "local metrics, execution = require 'perigee.metrics', require 'perigee.execution'\n"
         "local M, url = {}, 'http://127.0.0.1:1/'\n"
         "function M.default()\n" +
         body + "\nend\nreturn M\n";
}

// The script's default function does nothing.
std::string with_function(const std::string& code) {
  return "local M = {}\nfunction M.default() end\n" + code + "\nreturn M\n";
}

}  // namespace

TEST_CASE("a script that can't be read is named") {
  const ProcessResult missing = run_process({perigee_program(), "run", "-q", "missing.lua"});
  CHECK(missing.exit_code == 104);
  CHECK(missing.err.find("msg=\"cannot read missing.lua: No such file or directory\"") !=
        std::string::npos);
  const ProcessResult folder = run_process({perigee_program(), "run", "-q", "/usr"});
  CHECK(folder.exit_code == 104);
  CHECK(folder.err.find("msg=\"cannot read /usr: it is a folder\"") != std::string::npos);
}

TEST_CASE("an error while the script is loaded ends the run with exit code 107") {
  for (const BadScript& bad : kInitErrors) {
    const ShortRun run = run_script(bad.script, {"--no-yield-limit", "200ms"});
    INFO(bad.what, ": ", run.log);
    CHECK(run.exit_code == 107);
    CHECK(run.says("msg=\"" + bad.message));
  }
}

TEST_CASE("an error in an iteration names the line, is counted and does not end the run") {
  for (const BadScript& bad : kIterationErrors) {
    ScriptRun run(iteration_script(bad.script), {"-i", "2"});
    INFO(bad.what, ": ", run.log());
    CHECK(run.exit_code() == 0);
    CHECK(unescaped(run.log()).find("level=error msg=\"" + bad.message) != std::string::npos);
    CHECK(run.count("iterations") == 2);
    CHECK(run.count("iteration_errors") == 2);
  }
}

TEST_CASE("an error in setup ends the run without load and teardown") {
  ScriptRun run(
      "local M = {}\nfunction M.setup()\n  error('no model')\nend\n"
      "function M.default() print('load') end\nfunction M.teardown() print('torn') end\nreturn M");
  CHECK(run.exit_code() == 107);
  CHECK(run.logged("level=error msg=\"script.lua:3: no model"));
  CHECK_FALSE(run.logged("load"));
  CHECK_FALSE(run.logged("torn"));
  CHECK(run.count("iterations") == 0);
  // Told once.
  CHECK(run.log().find("no model") == run.log().rfind("no model"));
}

TEST_CASE("an error in teardown leaves a complete summary") {
  ScriptRun run(with_function("function M.teardown()\n  error('still there')\nend"), {"-i", "3"});
  CHECK(run.exit_code() == 107);
  CHECK(run.logged("level=error msg=\"script.lua:4: still there"));
  CHECK(run.log().find("still there") == run.log().rfind("still there"));
  CHECK(run.count("iterations") == 3);
}

TEST_CASE("what setup returns must be data") {
  const ShortRun run =
      run_script(with_function("function M.setup() return { users = { {}, { cb = print } } } end"));
  CHECK(run.exit_code == 107);
  CHECK(
      run.says_exactly("script.lua: what setup() returned can't be given to the VUs: "
                       "data.users[2].cb is a function"));
}

TEST_CASE("what teardown returns is of no interest") {
  CHECK(run_script(with_function("function M.teardown() return print end")).exit_code == 0);
}

TEST_CASE("errors in every iteration do not flood the log") {
  ScriptRun run("return { default = function() error('again') end }", {"-i", "500"});
  CHECK(run.exit_code() == 0);
  CHECK(run.count("iteration_errors") == 500);
  size_t told = 0;
  for (size_t at = run.log().find(": again"); at != std::string::npos;
       at = run.log().find(": again", at + 1))
    ++told;
  // The first, and how often it came again.
  CHECK(told >= 2);
  CHECK(told < 10);
}

}  // namespace perigee
