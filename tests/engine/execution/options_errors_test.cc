#include <string>

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include "engine/base/config_error.h"
#include "engine/execution/options.h"

namespace perigee {
namespace {

// What is said about these options; "" if nothing is wrong with them.
std::string complaint(const std::string& options) {
  try {
    parse_options(nlohmann::json::parse(options));
  } catch (const ConfigError& error) {
    return error.what();
  }
  return "";
}

// About a scenario with these fields.
std::string about(const std::string& fields) {
  return complaint(R"({"scenarios": {"steady": {)" + fields + "}}}");
}

TEST_CASE("a misspelt option is refused with the closest one") {
  CHECK(complaint(R"({"duraton": "5s"})") ==
        "options.duraton: there is no such option (did you mean \"duration\"?)");
  CHECK(complaint(R"({"Vus": 5})") ==
        "options.Vus: there is no such option (did you mean \"vus\"?)");
  CHECK(complaint(R"({"somethingElse": 5})") == "options.somethingElse: there is no such option");
}

TEST_CASE("an option of k6 that this version lacks is refused with the reason") {
  for (const char* key : {"tlsAuth", "tlsVersion", "tlsCipherSuites", "insecureSkipTLSVerify"}) {
    CHECK(complaint(R"({")" + std::string(key) + R"(": true})") ==
          "options." + std::string(key) + ": there is no TLS in this version; remove it");
  }
  CHECK(complaint(R"({"paused": true})") ==
        "options.paused: there is no REST API in this version that could let the run go on; "
        "remove it");
  CHECK(complaint(R"({"httpDebug": "full"})") ==
        "options.httpDebug: requests can't be logged in this version; print what you need in the "
        "script; remove it");
  CHECK(complaint(R"({"ext": {"loadimpact": {}}})") ==
        "options.ext: perigee knows no cloud service; remove it");
}

TEST_CASE("an option that this version lacks may be null or off") {
  CHECK(complaint(R"({"tlsAuth": null, "insecureSkipTLSVerify": false, "paused": false})").empty());
}

TEST_CASE("numbers of requests are 0 or more") {
  for (const char* key : {"maxRedirects", "batch", "batchPerHost", "rps"}) {
    CHECK(complaint(R"({")" + std::string(key) + R"(": -1})") ==
          "options." + std::string(key) + ": must be at least 0, got -1");
    CHECK(complaint(R"({")" + std::string(key) + R"(": 1.5})") ==
          "options." + std::string(key) + ": must be a whole number, got 1.5");
  }
}

TEST_CASE("a wrong dns option is named") {
  CHECK(complaint(R"({"dns": "ttl=5m"})") ==
        "options.dns: must be a table of named values, got \"ttl=5m\"");
  CHECK(complaint(R"({"dns": {"tll": "5m"}})") ==
        "options.dns: unknown key \"tll\" (did you mean \"ttl\"?)");
  CHECK(complaint(R"({"dns": {"ttl": "forever"}})") ==
        "options.dns.ttl: must be a duration like \"1m30s\" or a number of milliseconds, got "
        "\"forever\"");
  CHECK(complaint(R"({"dns": {"select": "roundrobin"}})") ==
        "options.dns.select: \"roundrobin\" is none of first, random, roundRobin (did you mean "
        "\"roundRobin\"?)");
  CHECK(complaint(R"({"dns": {"policy": "ipv4"}})")
            .starts_with("options.dns.policy: \"ipv4\" is none of preferIPv4, preferIPv6, "
                         "onlyIPv4, onlyIPv6, any"));
}

TEST_CASE("a host that is none, or no address, is named") {
  CHECK(complaint(R"({"hosts": ["a"]})") ==
        "options.hosts: must be a table of strings, got [\"a\"]");
  for (const char* name : {"", "a b", "a.*.b", "a:0", "a:b", "a:70000", "a..b", "**"}) {
    CHECK(complaint(R"({"hosts": {")" + std::string(name) + R"(": "127.0.0.1"}})") ==
          "options.hosts: \"" + std::string(name) +
              "\" is no host: write \"host\", \"host:port\" or \"*.domain\"");
  }
  for (const char* address : {"", "localhost", "127.0.0.1:0", "127.0.0.1:", "1.2.3", "::1:x"}) {
    CHECK(complaint(R"({"hosts": {"a": ")" + std::string(address) + R"("}})") ==
          "options.hosts: \"a\" must be an IP address, with or without a port, got \"" +
              std::string(address) + "\"");
  }
}

TEST_CASE("what is no range of addresses and no hostname is named") {
  CHECK(complaint(R"({"blacklistIPs": ["10.0.0.0/33"]})") ==
        "options.blacklistIPs: \"10.0.0.0/33\" is no range of IP addresses: write one like "
        "10.0.0.0/8, 10.0.0.1-10.0.0.9 or 10.0.0.1");
  CHECK(complaint(R"({"localIPs": "10.0.0.1"})") ==
        "options.localIPs: must be a list of strings, got \"10.0.0.1\"");
  CHECK(complaint(R"({"blockHostnames": ["a.*"]})") ==
        "options.blockHostnames: \"a.*\" is no hostname: a * may stand at the beginning only, as "
        "in \"*.example.com\"");
}

TEST_CASE("a unit or a system tag that does not exist is named") {
  CHECK(complaint(R"({"summaryTimeUnit": "min"})") ==
        "options.summaryTimeUnit: \"min\" is none of s, ms, us");
  CHECK(complaint(R"({"systemTags": ["statsu"]})") ==
        "options.systemTags: there is no system tag \"statsu\" (did you mean \"status\"?); there "
        "are check, error, error_code, expected_response, group, ip, iter, method, name, proto, "
        "scenario, service, status, subproto, tls_version, url, vu");
  CHECK(complaint(R"({"out": "csv"})") == "options.out: must be a list of strings, got \"csv\"");
  CHECK(complaint(R"({"out": ["csv", 5]})") ==
        "options.out: must be a list of strings, but 5 is in it");
}

TEST_CASE("options that are no table are refused") {
  CHECK(complaint("5") == "options: must be a table of named values, got 5");
}

TEST_CASE("two load options in one place contradict each other") {
  CHECK(complaint(R"({"iterations": 5, "scenarios": {"a": {"executor": "constant-vus"}}})") ==
        "options.iterations and scenarios can't be set together; keep one of them");
  CHECK(complaint(R"({"iterations": 5, "duration": "1s", "scenarios": {}})") ==
        "options.duration and iterations and scenarios can't be set together; keep one of them");
  CHECK(complaint(R"({"iterations": 5, "duration": "1s"})").empty());
}

TEST_CASE("options are called as the place names them that sets them") {
  const auto named = [](const char* options, const ValueNames& names) -> std::string {
    try {
      parse_options(nlohmann::json::parse(options), names);
    } catch (const ConfigError& error) {
      return error.what();
    }
    return "";
  };
  CHECK(named(R"({"vus": 0})", {{"vus", "--vus"}}) == "--vus: must be at least 1, got 0");
  CHECK(named(R"({"dns": {"ttl": "x"}})", {{"dns", "K6_DNS"}})
            .starts_with("K6_DNS.ttl: must be a duration"));
  CHECK(named(R"({"scenarios": {"a": {}}})", {{"scenarios", "perigee.yaml: scenarios"}})
            .starts_with("perigee.yaml: scenarios.a.executor: is missing"));
  CHECK(named(R"({"thresholds": {"checks": 5}})", {{"thresholds", "K6_THRESHOLDS"}}) ==
        "K6_THRESHOLDS[\"checks\"]: must be a list of expressions, got 5");
  CHECK(named(R"({"duration": "1s", "stages": []})",
              {{"duration", "--duration"}, {"stages", "--stage"}}) ==
        "--duration and --stage can't be set together; keep one of them");
}

TEST_CASE("shortcuts are checked as scenarios are") {
  CHECK(complaint(R"({"vus": 0})") == "options.vus: must be at least 1, got 0");
  CHECK(complaint(R"({"vus": -3, "duration": "1s"})") == "options.vus: must be at least 1, got -3");
  CHECK(complaint(R"({"vus": 2.5})") == "options.vus: must be a whole number, got 2.5");
  CHECK(complaint(R"({"vus": "5"})") == "options.vus: must be a whole number, got \"5\"");
  CHECK(complaint(R"({"vus": 1e10})") == "options.vus: must be at most 100000000");
  CHECK(complaint(R"({"iterations": 0})") == "options.iterations: must be at least 1, got 0");
  CHECK(complaint(R"({"vus": 10, "iterations": 5})") ==
        "options.iterations: must be at least the number of VUs (10), got 5");
}

TEST_CASE("negative, malformed and endless durations are refused") {
  CHECK(complaint(R"({"duration": 0})") == "options.duration: must be at least 1ms, got 0");
  CHECK(complaint(R"({"duration": "-5s"})") ==
        "options.duration: must be at least 1ms, got \"-5s\"");
  CHECK(complaint(R"({"duration": "soon"})") ==
        "options.duration: must be a duration like \"1m30s\" or a number of milliseconds, got "
        "\"soon\"");
  CHECK(complaint(R"({"duration": "5 s"})") ==
        "options.duration: must be a duration like \"1m30s\" or a number of milliseconds, got "
        "\"5 s\"");
  CHECK(
      complaint(R"({"duration": true})") ==
      "options.duration: must be a duration like \"1m30s\" or a number of milliseconds, got true");
  CHECK(
      complaint(R"({"duration": ""})") ==
      "options.duration: must be a duration like \"1m30s\" or a number of milliseconds, got \"\"");
  CHECK(complaint(R"({"duration": "100000d"})") == "options.duration: must be at most 87600h");
  CHECK(complaint(R"({"setupTimeout": 0})") == "options.setupTimeout: must be at least 1ms, got 0");
}

TEST_CASE("values of the wrong type are refused") {
  CHECK(complaint(R"({"noSetup": "yes"})") ==
        "options.noSetup: must be true or false, got \"yes\"");
  CHECK(complaint(R"({"userAgent": 5})") == "options.userAgent: must be a string, got 5");
  CHECK(complaint(R"({"tags": "a=b"})") == "options.tags: must be a table of strings, got \"a=b\"");
  CHECK(complaint(R"({"tags": {"a": {}}})") == "options.tags: \"a\" must be a string, got {}");
}

TEST_CASE("summaryTrendStats names what is unknown") {
  CHECK(complaint(R"({"summaryTrendStats": "avg"})") ==
        "options.summaryTrendStats: must be a list of strings, got \"avg\"");
  CHECK(complaint(R"({"summaryTrendStats": ["avg", "p95"]})") ==
        "options.summaryTrendStats: \"p95\" is none of avg, min, med, max, count, p(N)");
  CHECK(complaint(R"({"summaryTrendStats": ["rate"]})") ==
        "options.summaryTrendStats: \"rate\" is none of avg, min, med, max, count, p(N)");
}

TEST_CASE("malformed thresholds are refused") {
  CHECK(complaint(R"({"thresholds": {"checks": ["rate>"]}})") ==
        "options.thresholds[\"checks\"]: threshold \"rate>\" is malformed: it does not end with a "
        "number; write an aggregate "
        "(count, rate, value, avg, min, med, max or p(N) with N from 0 to 100), one of < <= > >= "
        "== === != and a number, such as \"p(95)<200\"");
  CHECK(complaint(R"({"thresholds": "rate>0"})") ==
        "options.thresholds: must be a table from metric to list");
  CHECK(complaint(R"({"thresholds": {"checks": 5}})") ==
        "options.thresholds[\"checks\"]: must be a list of expressions, got 5");
  CHECK(complaint(R"({"thresholds": {"checks": [5]}})") ==
        "options.thresholds[\"checks\"]: must be a table of named values, got 5");
  CHECK(complaint(R"({"thresholds": {"checks": [{"treshold": "rate>0"}]}})") ==
        "options.thresholds[\"checks\"]: unknown key \"treshold\" (did you mean \"threshold\"?)");
  CHECK(complaint(R"({"thresholds": {"checks": [{"abortOnFail": true}]}})") ==
        "options.thresholds[\"checks\"].threshold: is missing: write the expression here, e.g. "
        "\"p(95)<200\"");
}

TEST_CASE("scenarios must be a table of named ones") {
  CHECK(complaint(R"({"scenarios": {}})") ==
        "options.scenarios: must be a table of named scenarios, got {}");
  CHECK(complaint(R"({"scenarios": []})") ==
        "options.scenarios: must be a table of named scenarios, got []");
  CHECK(complaint(R"({"scenarios": {"a b": {}}})") ==
        "options.scenarios: \"a b\" is no scenario name: use letters, digits, - and _ only");
  CHECK(complaint(R"({"scenarios": {"a": 5}})") ==
        "options.scenarios.a: must be a table of named values, got 5");
}

TEST_CASE("a misspelt, missing or removed executor is refused with those there are") {
  CHECK(about("") ==
        "options.scenarios.steady.executor: is missing: there are constant-vus, ramping-vus, "
        "shared-iterations, per-vu-iterations, constant-arrival-rate, ramping-arrival-rate");
  CHECK(about(R"("executor": "constant-vu")") ==
        "options.scenarios.steady.executor: there is no executor \"constant-vu\" (did you mean "
        "\"constant-vus\"?); there are constant-vus, ramping-vus, shared-iterations, "
        "per-vu-iterations, constant-arrival-rate, ramping-arrival-rate");
  CHECK(about(R"("executor": "externally-controlled")") ==
        "options.scenarios.steady.executor: k6 has removed \"externally-controlled\" and it is not "
        "here either; there are constant-vus, ramping-vus, shared-iterations, per-vu-iterations, "
        "constant-arrival-rate, ramping-arrival-rate");
  CHECK(about(R"("executor": 5)") == "options.scenarios.steady.executor: must be a string, got 5");
}

TEST_CASE("a misspelt key of an executor is refused with the closest one") {
  CHECK(about(R"("executor": "constant-vus", "duration": "5s", "vu": 5)") ==
        "options.scenarios.steady: unknown key \"vu\" (did you mean \"vus\"?)");
  CHECK(about(R"("executor": "constant-vus", "duration": "5s", "gracefulstop": "1s")") ==
        "options.scenarios.steady: unknown key \"gracefulstop\" (did you mean \"gracefulStop\"?)");
  CHECK(about(R"("executor": "constant-vus", "duration": "5s", "maxVUs": 5)") ==
        "options.scenarios.steady: unknown key \"maxVUs\"");
  CHECK(about(R"("executor": "shared-iterations", "rate": 5)") ==
        "options.scenarios.steady: unknown key \"rate\"");
}

TEST_CASE("what an executor needs must be there") {
  CHECK(about(R"("executor": "constant-vus")") ==
        "options.scenarios.steady.duration: is missing: say how long the VUs loop, e.g. \"30s\"");
  CHECK(about(R"("executor": "constant-arrival-rate")") ==
        "options.scenarios.steady.rate: is missing: say how many iterations start per timeUnit, "
        "e.g. 200");
  CHECK(about(R"("executor": "constant-arrival-rate", "rate": 5)") ==
        "options.scenarios.steady.duration: is missing: say how long iterations start, e.g. "
        "\"30s\"");
  CHECK(about(R"("executor": "constant-arrival-rate", "rate": 5, "duration": "5s")") ==
        "options.scenarios.steady.preAllocatedVUs: is missing: say how many VUs are made before "
        "the run starts");
}

TEST_CASE("durations of scenarios are at least a second") {
  CHECK(about(R"("executor": "constant-vus", "duration": "999ms")") ==
        "options.scenarios.steady.duration: must be at least 1s, got \"999ms\"");
  CHECK(about(R"("executor": "per-vu-iterations", "maxDuration": 500)") ==
        "options.scenarios.steady.maxDuration: must be at least 1s, got 500");
  CHECK(about(R"("executor": "per-vu-iterations", "startTime": "-1s")") ==
        "options.scenarios.steady.startTime: must be at least 0s, got \"-1s\"");
  CHECK(about(R"("executor": "per-vu-iterations", "gracefulStop": "1 minute")") ==
        "options.scenarios.steady.gracefulStop: must be a duration like \"1m30s\" or a number of "
        "milliseconds, got \"1 minute\"");
}

TEST_CASE("fewer shared iterations than VUs are refused") {
  CHECK(about(R"("executor": "shared-iterations", "vus": 5, "iterations": 4)") ==
        "options.scenarios.steady.iterations: must be at least the number of VUs (5), got 4");
}

std::string about_rate(const std::string& fields) {
  return about(R"("executor": "constant-arrival-rate", "duration": "5s", )" + fields);
}

TEST_CASE("a rate of 0, below it, or beyond all sense is refused") {
  CHECK(about_rate(R"("preAllocatedVUs": 1, "rate": 0)") ==
        "options.scenarios.steady.rate: must be above 0, got 0");
  CHECK(about_rate(R"("preAllocatedVUs": 1, "rate": -2.5)") ==
        "options.scenarios.steady.rate: must be above 0, got -2.5");
  CHECK(about_rate(R"("preAllocatedVUs": 1, "rate": "5")") ==
        "options.scenarios.steady.rate: must be a number, got \"5\"");
  CHECK(about_rate(R"("preAllocatedVUs": 1, "rate": 20000, "timeUnit": "1ms")") ==
        "options.scenarios.steady.rate: is above 10 million iterations per second");
  CHECK(about_rate(R"("preAllocatedVUs": 1, "rate": 1, "timeUnit": 0)") ==
        "options.scenarios.steady.timeUnit: must be at least 1ms, got 0");
}

TEST_CASE("maxVUs below preAllocatedVUs is refused") {
  CHECK(about_rate(R"("rate": 1, "preAllocatedVUs": 10, "maxVUs": 5)") ==
        "options.scenarios.steady.maxVUs: must be at least preAllocatedVUs (10), got 5");
  CHECK(about_rate(R"("rate": 1, "preAllocatedVUs": -1)") ==
        "options.scenarios.steady.preAllocatedVUs: must be at least 0, got -1");
}

TEST_CASE("stages are checked one by one") {
  const auto vus = [](const std::string& stages) {
    return about(R"("executor": "ramping-vus", "startVUs": 0, "stages": )" + stages);
  };
  CHECK(
      about(R"("executor": "ramping-vus")") ==
      "options.scenarios.steady.stages: is missing: e.g. { { duration = \"30s\", target = 10 } }");
  CHECK(vus("[]") ==
        "options.scenarios.steady.stages: must be a list of stages, got []: e.g. { { duration = "
        "\"30s\", target = 10 } }");
  CHECK(vus(R"([{"duration": "1s", "target": 1}, {"target": 1}])") ==
        "options.scenarios.steady.stages[2].duration: is missing: say how long the way to the "
        "target takes, e.g. \"30s\"");
  CHECK(vus(R"([{"duration": "1s"}])") ==
        "options.scenarios.steady.stages[1].target: is missing: say what the stage goes to");
  CHECK(vus(R"([{"duration": "-1s", "target": 1}])") ==
        "options.scenarios.steady.stages[1].duration: must be at least 0s, got \"-1s\"");
  CHECK(vus(R"([{"duration": "1s", "target": -1}])") ==
        "options.scenarios.steady.stages[1].target: must be at least 0, got -1");
  CHECK(vus(R"([{"duration": "1s", "target": 100000001}])") ==
        "options.scenarios.steady.stages[1].target: must be at most 100000000");
  CHECK(vus(R"([{"duration": "1s", "target": 2.5}])") ==
        "options.scenarios.steady.stages[1].target: must be a whole number, got 2.5");
  CHECK(vus(R"([{"duration": "1s", "targt": 2}])") ==
        "options.scenarios.steady.stages[1]: unknown key \"targt\" (did you mean \"target\"?)");
  CHECK(vus(R"([{"duration": 0, "target": 2}])") ==
        "options.scenarios.steady.stages: last no time: give one a duration");
  CHECK(vus(R"([{"duration": "80000h", "target": 2}, {"duration": "80000h", "target": 2}])") ==
        "options.scenarios.steady.stages: must last at most 87600h together");
  CHECK(vus(R"([{"duration": "1s", "target": 0}])") ==
        "options.scenarios.steady.stages: have no VUs: startVUs or the target of a stage must be "
        "above 0");
}

TEST_CASE("a ramp of VUs checks its own keys") {
  const auto ramp = [](const std::string& fields) {
    return about(R"("executor": "ramping-vus", "stages": [{"duration": "1s", "target": 1}], )" +
                 fields);
  };
  CHECK(ramp(R"("startVUs": -1)") ==
        "options.scenarios.steady.startVUs: must be at least 0, got -1");
  CHECK(ramp(R"("gracefulRampDown": "-1s")") ==
        "options.scenarios.steady.gracefulRampDown: must be at least 0s, got \"-1s\"");
  CHECK(ramp(R"("startVus": 1)") ==
        "options.scenarios.steady: unknown key \"startVus\" (did you mean \"startVUs\"?)");
}

TEST_CASE("a ramp of the arrival rate checks rates and VUs") {
  const auto ramp = [](const std::string& fields) {
    return about(R"("executor": "ramping-arrival-rate", )" + fields);
  };
  CHECK(ramp(R"("startRate": -1)") ==
        "options.scenarios.steady.startRate: must not be negative, got -1");
  CHECK(ramp(R"("stages": [{"duration": "1s", "target": -0.5}])") ==
        "options.scenarios.steady.stages[1].target: must not be negative, got -0.5");
  CHECK(ramp(R"("stages": [{"duration": "1s", "target": 1e9}])") ==
        "options.scenarios.steady.stages[1].target: is above 10 million iterations per second");
  CHECK(ramp(R"("stages": [{"duration": "1s", "target": 0}])") ==
        "options.scenarios.steady.stages: have no rate: startRate or the target of a stage must be "
        "above 0");
  CHECK(ramp(R"("stages": [{"duration": "1s", "target": 1}])") ==
        "options.scenarios.steady.preAllocatedVUs: is missing: say how many VUs are made before "
        "the run starts");
  CHECK(ramp(R"("stages": [{"duration": "1s", "target": 1}], "preAllocatedVUs": 5, "maxVUs": 4)") ==
        "options.scenarios.steady.maxVUs: must be at least preAllocatedVUs (5), got 4");
}

TEST_CASE("how arrivals come is checked") {
  const auto open = [](const std::string& fields) {
    return about(R"("executor": "constant-arrival-rate", "rate": 5, "duration": "1s",
                    "preAllocatedVUs": 1, )" +
                 fields);
  };
  CHECK(open(R"("arrival": "random")") ==
        "options.scenarios.steady.arrival: \"random\" is neither \"regular\" nor \"poisson\"");
  CHECK(open(R"("overload": "wait")") ==
        "options.scenarios.steady.overload: \"wait\" is neither \"drop\" nor \"queue\"");
  CHECK(open(R"("seed": 5)") ==
        "options.scenarios.steady.seed: is for arrival = \"poisson\"; regular arrivals are the "
        "same in every run");
  CHECK(open(R"("arrival": "poisson", "seed": -5)") ==
        "options.scenarios.steady.seed: must be at least 0, got -5");
  CHECK(open(R"("arrival": "poisson", "seed": 5, "overload": "queue")").empty());
}

TEST_CASE("segments of a test with random arrivals need its seed") {
  const auto segment = [](const std::string& fields) {
    return complaint(R"({"executionSegment": "1/2", "scenarios": {"open": {"executor":
        "constant-arrival-rate", "rate": 5, "duration": "1s", "preAllocatedVUs": 1, "arrival":
        "poisson")" + fields +
                     "}}}");
  };
  CHECK(segment("") ==
        "options.scenarios.open.seed: is missing: instances that run segments of one test need the "
        "same, e.g. 42");
  CHECK(segment(R"(, "seed": 42)").empty());
}

}  // namespace
}  // namespace perigee
