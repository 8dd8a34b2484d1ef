#include <string>

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include "engine/base/config_error.h"
#include "engine/execution/options.h"
#include "tests/engine/execution/complaint.h"

namespace perigee {
namespace {

TEST_CASE("a misspelt option is refused with the closest one") {
  CHECK(complaint(R"({"duraton": "5s"})") ==
        "options.duraton: there is no such option (did you mean \"duration\"?)");
  CHECK(complaint(R"({"Vus": 5})") ==
        "options.Vus: there is no such option (did you mean \"vus\"?)");
  CHECK(complaint(R"({"somethingElse": 5})") == "options.somethingElse: there is no such option");
}

TEST_CASE("an option that is refused is not offered, nor another in its place") {
  for (const std::string key : {"pausd", "webDashbord", "clou", "exts", "collector"}) {
    CHECK(complaint("{\"" + key + "\": 1}") == "options." + key + ": there is no such option");
  }
}

TEST_CASE("what thresholds without samples do is one of two words") {
  CHECK(complaint(R"({"thresholdNoSamples": "fial"})") ==
        "options.thresholdNoSamples: \"fial\" is none of pass, fail (did you mean \"fail\"?)");
  CHECK(complaint(R"({"thresholdNoSample": "fail"})") ==
        "options.thresholdNoSample: there is no such option (did you mean "
        "\"thresholdNoSamples\"?)");
}

TEST_CASE("an option of k6 that this version lacks is refused with the reason") {
  CHECK(complaint(R"({"paused": true})") ==
        "options.paused: there is no REST API in this version that could let the run go on; "
        "remove it");
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
        "options.iterations: must be at least the number of VUs (10), got 5; set fewer VUs, too, "
        "e.g. -u 5");
}

TEST_CASE("a length that would be some milliseconds is asked for its unit") {
  const std::string says = " would be 10 ms; write \"10s\" for seconds or \"10ms\"";
  CHECK(complaint(R"({"duration": 10})") == "options.duration: 10" + says);
  CHECK(complaint(R"({"duration": "10"})") == "options.duration: 10" + says);
  CHECK(complaint(R"({"stages": [{"duration": 10, "target": 1}]})") ==
        "options.stages[1].duration: 10" + says);
  for (const char* scenario :
       {R"("executor": "constant-vus", "duration": 10)",
        R"("executor": "shared-iterations", "maxDuration": 10)",
        R"("executor": "constant-vus", "duration": "1s", "startTime": 10)",
        R"("executor": "ramping-vus", "stages": [{"duration": 10, "target": 1}])",
        R"("executor": "constant-arrival-rate", "rate": 1, "duration": 10)"}) {
    CAPTURE(scenario);
    const std::string text = complaint(std::string(R"({"scenarios": {"a": {)") + scenario + "}}}");
    CHECK(text.find(says) != std::string::npos);
  }
  for (const char* clear : {R"({"duration": 1000})", R"({"duration": "10ms"})",
                            R"({"duration": "1s", "setupTimeout": 10})"}) {
    CAPTURE(clear);
    CHECK(complaint(clear) == "");
  }
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

}  // namespace
}  // namespace perigee
