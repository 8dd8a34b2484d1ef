// Options and flags with something wrong in them: what people are told, and exit code 104.
#include <doctest/doctest.h>

#include "tests/process/script_run.h"

namespace perigee {
namespace {

struct BadOption {
  std::string options;  // the inside of M.options
  std::string message;  // after "script.lua: "
};

const BadOption kBadOptions[] = {
    {"vuss = 1", "options.vuss: there is no such option (did you mean \"vus\"?)"},
    {"tlsAuth = {{ cert = '/nowhere.pem', key = '/nowhere.key' }}",
     "options.tlsAuth[0].cert: /nowhere.pem: can't read the file: No such file or directory"},
    {"paused = true",
     "options.paused: there is no REST API in this version that could let the run go on; remove "
     "it"},
    {"hosts = { ['test.example'] = 'localhost' }",
     "options.hosts: \"test.example\" must be an IP address, with or without a port, got "
     "\"localhost\""},
    {"stages = {}",
     "options.stages: must be a list of stages, got {}: e.g. { { duration = \"30s\", target = 10 } "
     "}"},
    {"vus = 0", "options.vus: must be at least 1, got 0"},
    {"duration = '-5s'", "options.duration: must be at least 1ms, got \"-5s\""},
    {"duration = 'soon'",
     "options.duration: must be a duration like \"1m30s\" or a number of milliseconds, got "
     "\"soon\""},
    {"vus = 5, iterations = 2",
     "options.iterations: must be at least the number of VUs (5), got 2; set fewer VUs, too, e.g. "
     "-u 2"},
    {"duration = '1s', scenarios = {}",
     "options.duration and scenarios can't be set together; keep one of them"},
    {"vus = print", "options cannot be encoded as JSON: a function"},
    {"setupTimeout = 'x'",
     "options.setupTimeout: must be a duration like \"1m30s\" or a number of milliseconds, got "
     "\"x\""}};

// The inside of scenarios.a.
const BadOption kBadScenarios[] = {
    {"executor = 'constant-vu'",
     ".executor: there is no executor \"constant-vu\" (did you mean \"constant-vus\"?); there are "
     "constant-vus, ramping-vus, shared-iterations, per-vu-iterations, constant-arrival-rate, "
     "ramping-arrival-rate"},
    {"executor = 'externally-controlled'",
     ".executor: k6 has removed \"externally-controlled\" and it is not here either; there are "
     "constant-vus, ramping-vus, shared-iterations, per-vu-iterations, constant-arrival-rate, "
     "ramping-arrival-rate"},
    {"executor = 'ramping-vus', stages = { { target = 5 } }",
     ".stages[1].duration: is missing: say how long the way to the target takes, e.g. \"30s\""},
    {"duration = '1s'",
     ".executor: is missing: there are constant-vus, ramping-vus, shared-iterations, "
     "per-vu-iterations, constant-arrival-rate, ramping-arrival-rate"},
    {"executor = 'constant-vus', durration = '1s'",
     ": unknown key \"durration\" (did you mean \"duration\"?)"},
    {"executor = 'constant-vus'", ".duration: is missing: say how long the VUs loop, e.g. \"30s\""},
    {"executor = 'constant-vus', duration = '0s'", ".duration: must be at least 1s, got \"0s\""},
    {"executor = 'constant-arrival-rate', duration = '1s', preAllocatedVUs = 1, rate = 0",
     ".rate: must be above 0, got 0"},
    {"executor = 'constant-arrival-rate', duration = '1s', preAllocatedVUs = 1, rate = 'x'",
     ".rate: must be a number, got \"x\""},
    {"executor = 'constant-arrival-rate', duration = '-1s', preAllocatedVUs = 1, rate = 1",
     ".duration: must be at least 1s, got \"-1s\""},
    {"executor = 'constant-arrival-rate', duration = '1x', preAllocatedVUs = 1, rate = 1",
     ".duration: must be a duration like \"1m30s\" or a number of milliseconds, got \"1x\""},
    {"executor = 'constant-arrival-rate', duration = '1s', preAllocatedVUs = 5, maxVUs = 4, "
     "rate = 1",
     ".maxVUs: must be at least preAllocatedVUs (5), got 4"}};

constexpr const char* kThresholdForm =
    "; write an aggregate (count, rate, value, avg, min, med, max or p(N) with N from 0 to 100), "
    "one of < <= > >= == === != and a number, such as \"p(95)<200\"";

// The inside of options.thresholds.
const BadOption kBadThresholds[] = {
    {"iterations = { 'cuont>5' }",
     "options.thresholds[\"iterations\"]: threshold \"cuont>5\" is malformed: it does not begin "
     "with an "
     "aggregate" +
         std::string(kThresholdForm)},
    {"iterations = { 'count>>5' }",
     "options.thresholds[\"iterations\"]: threshold \"count>>5\" is malformed: it does not end "
     "with a number" +
         std::string(kThresholdForm)},
    {"iterations = { 'p(95)<5' }",
     "options.thresholds: threshold \"p(95)<5\" does not fit \"iterations\": a counter has count "
     "and rate, not p(95)"},
    {"http_req_duratoin = { 'p(95)<5' }",
     "options.thresholds: there is no metric \"http_req_duratoin\" (did you "
     "mean \"http_req_duration\"?)"},
    {"['http_req_duration{scenario}'] = { 'p(95)<5' }",
     "options.thresholds: \"http_req_duration{scenario}\" does not name a metric: the tag "
     "\"scenario\" has no value; write metric or metric{tag:value,other_tag:value}, where a value "
     "may hold colons, braces and quotation marks, and commas if it stands in quotation marks: "
     "{name:\"a,b\"}"},
    {"iterations = { { threshold = 'count>5', abortOnFial = true } }",
     "options.thresholds[\"iterations\"]: unknown key \"abortOnFial\" (did you mean "
     "\"abortOnFail\"?)"}};

struct BadFlags {
  std::vector<std::string> flags;
  std::string message;
};

const BadFlags kBadFlags[] = {
    {{"--vuss", "3"}, "there is no flag --vuss (did you mean \"--vus\"?); see perigee run --help"},
    {{"-z"}, "there is no flag -z; see perigee run --help"},
    {{"--paused"}, "--paused: there is no REST API in this version that could let the run go on"},
    {{"--address", "localhost:6565"}, "--address: there is no REST API in this version"},
    {{"--http-debug=body"}, "--http-debug: \"body\" is none of headers, full"},
    {{"--vus", "many"}, "--vus: must be a whole number, got \"many\""},
    {{"--vus", "0"}, "--vus: must be at least 1, got 0"},
    {{"-i", "1.5"}, "--iterations: must be a whole number, got \"1.5\""},
    {{"-d", "soon"},
     "--duration: must be a duration like \"1m30s\" or a number of milliseconds, got \"soon\""},
    {{"-d", "-5s"}, "--duration: must be at least 1ms, got \"-5s\""},
    {{"-s", "30s"}, "--stage: must look like 30s:10,1m:20, got \"30s\""},
    {{"-s", "30s:many"}, "--stage: must be a whole number, got \"many\""},
    {{"-s", "30s:1", "-i", "5"},
     "--iterations and --stage can't be set together; keep one of them"},
    {{"--rps", "-1"}, "--rps: must be at least 0, got -1"},
    {{"--dns", "ttl"}, "--dns: must look like name=value,name=value, got \"ttl\""},
    {{"--dns", "tll=5m"}, "--dns: unknown key \"tll\" (did you mean \"ttl\"?)"},
    {{"--no-setup=maybe"}, "--no-setup: must be true or false, got \"maybe\""},
    {{"--local-ips", "127.0.0.1,192.0.2.77", "-u", "2"},
     "localIPs (--local-ips): 192.0.2.77 can't be used: Cannot assign requested address; name "
     "addresses that this machine has (ip address)"},
    {{"--summary-mode", "ful"},
     "--summary-mode: \"ful\" is none of compact, full, disabled (did you mean \"full\"?)"},
    {{"--config", "missing.json"}, "cannot read missing.json: No such file or directory"},
    {{"--workers", "0"}, "--workers: must be at least 1, got 0"},
    {{"--tag", "team"}, "--tag: must look like NAME=VALUE, got \"team\""},
    {{"-e", "=x"}, "--env: must look like NAME=VALUE, got \"=x\""},
    {{"--no-yield-limit", "x"},
     "--no-yield-limit: must be a duration like \"1m30s\" or a number of milliseconds, got \"x\""},
    {{"--out", "statsd"},
     "--out: the output statsd is not in this version; there are csv=FILE and json=FILE, with "
     ".gz compressed, results=FILE, prometheus=ADDRESS, prometheus-rw=URL, influxdb=URL and "
     "opentelemetry=URL"},
    {{"--out", "prometheus=port"},
     "--out: prometheus: \"port\" is no address to listen at; write a port like :9464, or an IP "
     "address with a port like 127.0.0.1:9464"},
    {{"--out-overflow", "wiat"},
     "--out-overflow: \"wiat\" is none of wait, drop (did you mean \"wait\"?)"},
    {{"other.lua"}, "one script at a time: \"script.lua\" is too many"}};

std::string script_with(const std::string& options) {
  return "return { options = { " + options + " }, default = function() end }";
}

void check_refused(const std::string& options, const std::string& message) {
  const ShortRun run = run_script(script_with(options));
  INFO(options, ": ", run.log);
  CHECK(run.exit_code == 104);
  CHECK(run.says_exactly("script.lua: " + message));
}

}  // namespace

TEST_CASE("a wrong option is named, with what it should be") {
  for (const BadOption& bad : kBadOptions)
    check_refused(bad.options, bad.message);
}

TEST_CASE("a wrong scenario is named, with what it should be") {
  for (const BadOption& bad : kBadScenarios) {
    check_refused("scenarios = { a = { " + bad.options + " } }",
                  "options.scenarios.a" + bad.message);
  }
}

TEST_CASE("a wrong threshold is named, with what it should be") {
  for (const BadOption& bad : kBadThresholds)
    check_refused("thresholds = { " + bad.options + " }", bad.message);
}

TEST_CASE("a part of a metric that does not exist is named where it is asked for") {
  check_refused(
      "submetrics = { 'http_reqz{name:a}' }",
      "options.submetrics: there is no metric \"http_reqz\" (did you mean \"http_reqs\"?)");
  check_refused(
      "thresholds = { checks = { 'rate>0' } }, submetrics = { 'http_reqs{name}' }",
      "options.submetrics: \"http_reqs{name}\" does not name a metric: the tag \"name\" has "
      "no value; write metric or metric{tag:value,other_tag:value}, where a value may "
      "hold colons, braces and quotation marks, and commas if it stands in quotation "
      "marks: {name:\"a,b\"}");
}

TEST_CASE("a wrong flag is named, with what it should be") {
  for (const BadFlags& bad : kBadFlags) {
    const ShortRun run = run_script(script_with(""), bad.flags);
    INFO(bad.flags.front(), ": ", run.log);
    CHECK(run.exit_code == 104);
    CHECK(run.says_exactly(bad.message));
  }
}

TEST_CASE("options that are no table are refused") {
  const ShortRun run = run_script("return { options = 5, default = function() end }");
  CHECK(run.exit_code == 104);
  CHECK(run.says_exactly("script.lua: options: must be a table of named values, got 5"));
}

TEST_CASE("a scenario's function must be there") {
  const ShortRun misspelt = run_script(
      "return { options = { scenarios = { a = { executor = 'constant-vus', duration = '1s', "
      "exec = 'infr' } } }, infer = function() end }");
  CHECK(misspelt.exit_code == 104);
  CHECK(misspelt.says_exactly(
      "script.lua: scenario a runs the function \"infr\", which the script's table does not have "
      "(did you mean \"infer\"?)"));
  const ShortRun none = run_script("return {}");
  CHECK(none.exit_code == 104);
  CHECK(none.says_exactly(
      "script.lua: scenario default runs the function \"default\", which the script's table does "
      "not have"));
}

TEST_CASE("a run without a script, and a command there isn't") {
  const ProcessResult none = run_process({perigee_program(), "run"});
  CHECK(none.exit_code == 104);
  CHECK(none.err.find("name a script: perigee run FILE.lua") != std::string::npos);
  const ProcessResult unknown = run_process({perigee_program(), "runn"});
  CHECK(unknown.exit_code == 104);
  CHECK(unescaped(unknown.err)
            .find("there is no command \"runn\" (did you mean \"run\"?); see perigee help") !=
        std::string::npos);
}

TEST_CASE("a script or a URL without its command is told which it is") {
  const auto told = [](const std::string& word) {
    return unescaped(run_process({perigee_program(), word}).err);
  };
  CHECK(told("load.lua").find("(did you mean \"perigee run load.lua\"?)") != std::string::npos);
  CHECK(told("http://h/").find("(did you mean \"perigee http http://h/\"?)") != std::string::npos);
}

}  // namespace perigee
