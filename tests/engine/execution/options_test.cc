#include "engine/execution/options.h"

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include "engine/execution/option_layers.h"

namespace perigee {
namespace {

using namespace std::chrono_literals;
using nlohmann::json;

Options parse(const char* text) {
  return parse_options(json::parse(text));
}

template <typename Config>
Config only(const Options& options, const char* executor) {
  REQUIRE(options.scenarios.size() == 1);
  CHECK(options.scenarios[0].name == "default");
  CHECK(options.scenarios[0].exec == "default");
  CHECK(options.scenarios[0].executor == executor);
  return std::get<Config>(options.scenarios[0].config);
}

TEST_CASE("without any option one VU does one iteration") {
  const Options options = parse("{}");
  const auto config = only<PerVuIterations>(options, "per-vu-iterations");
  CHECK(config.vus == 1);
  CHECK(config.iterations == 1);
  CHECK(config.max_duration == 10min);
  CHECK(options.setup_timeout == 60s);
  CHECK(options.teardown_timeout == 60s);
  CHECK(!options.no_setup);
  CHECK(!options.no_teardown);
  CHECK(options.thresholds.empty());
  CHECK(options.tags.empty());
  CHECK(options.http.user_agent.empty());
  CHECK(options.summary_trend_stats.empty());
}

TEST_CASE("-u with -d loops that many VUs for that long") {
  const auto config = only<ConstantVus>(parse(R"({"vus": 5, "duration": "2m"})"), "constant-vus");
  CHECK(config.vus == 5);
  CHECK(config.duration == 2min);
}

TEST_CASE("-d alone loops one VU; short ones are allowed here") {
  const auto config = only<ConstantVus>(parse(R"({"duration": "200ms"})"), "constant-vus");
  CHECK(config.vus == 1);
  CHECK(config.duration == 200ms);
}

TEST_CASE("-u with -i shares the iterations for up to ten minutes") {
  const auto config =
      only<SharedIterations>(parse(R"({"vus": 5, "iterations": 100})"), "shared-iterations");
  CHECK(config.vus == 5);
  CHECK(config.iterations == 100);
  CHECK(config.max_duration == 10min);
}

TEST_CASE("-i with -d shares the iterations for at most that long") {
  const auto config = only<SharedIterations>(
      parse(R"({"vus": 5, "iterations": 100000, "duration": "120m"})"), "shared-iterations");
  CHECK(config.vus == 5);
  CHECK(config.iterations == 100'000);
  CHECK(config.max_duration == 120min);
}

TEST_CASE("-u alone is one iteration for each of them, shared") {
  const auto config = only<SharedIterations>(parse(R"({"vus": 7})"), "shared-iterations");
  CHECK(config.vus == 7);
  CHECK(config.iterations == 7);
}

TEST_CASE("an option that is null is not set") {
  const auto config = only<PerVuIterations>(
      parse(R"({"vus": null, "duration": null, "scenarios": null})"), "per-vu-iterations");
  CHECK(config.vus == 1);
}

TEST_CASE("a whole number may be written with a fraction of zero") {
  CHECK(only<SharedIterations>(parse(R"({"vus": 3.0})"), "shared-iterations").vus == 3);
}

TEST_CASE("a bare number is a duration in milliseconds") {
  CHECK(parse(R"({"setupTimeout": 1500})").setup_timeout == 1500ms);
  CHECK(parse(R"({"setupTimeout": "1500"})").setup_timeout == 1500ms);
}

TEST_CASE("the other options are read") {
  const Options options = parse(R"json({
    "tags": {"build": 42, "nightly": true, "stage": "ci"},
    "setupTimeout": "5m", "teardownTimeout": "1.5s",
    "noSetup": true, "noTeardown": true,
    "userAgent": "probe/1", "summaryTrendStats": ["avg", "p(99.9)", "count"]})json");
  CHECK(options.tags ==
        std::map<std::string, std::string>{{"build", "42"}, {"nightly", "true"}, {"stage", "ci"}});
  CHECK(options.setup_timeout == 5min);
  CHECK(options.teardown_timeout == 1500ms);
  CHECK(options.no_setup);
  CHECK(options.no_teardown);
  CHECK(options.http.user_agent == "probe/1");
  REQUIRE(options.summary_trend_stats.size() == 3);
  CHECK(to_string(options.summary_trend_stats[1]) == "p(99.9)");
}

TEST_CASE("the defaults are those of k6") {
  const Options options = parse("{}");
  CHECK(options.http.max_redirects == 10);
  CHECK(options.http.batch == 20);
  CHECK(options.http.batch_per_host == 6);
  CHECK(options.http.rps == 0);
  CHECK(!options.http.throws);
  CHECK(!options.http.no_connection_reuse);
  CHECK(options.net.dns.ttl == 5min);
  CHECK(options.net.dns.select == DnsSelect::kRandom);
  CHECK(options.net.dns.policy == DnsPolicy::kPreferIpv4);
  CHECK(options.handle_summary_timeout == 2min);
  CHECK(options.min_iteration_duration == 0s);
  CHECK_FALSE(options.system_tags.drops_any());
  CHECK(!options.linger);
  CHECK(options.warnings.empty());
}

TEST_CASE("options of requests are read") {
  const http::HttpOptions http = parse(R"({
    "maxRedirects": 0, "batch": 5, "batchPerHost": 0, "rps": 100, "noConnectionReuse": true,
    "noVUConnectionReuse": true, "throw": true, "discardResponseBodies": true,
    "noCookiesReset": true, "traceparent": true, "httpDebug": "full"})")
                                     .http;
  CHECK(http.max_redirects == 0);
  CHECK(http.batch == 5);
  CHECK(http.batch_per_host == 0);
  CHECK(http.rps == 100);
  CHECK(http.no_connection_reuse);
  CHECK(http.no_vu_connection_reuse);
  CHECK(http.throws);
  CHECK(http.discard_response_bodies);
  CHECK(http.no_cookies_reset);
  CHECK(http.traceparent);
  CHECK(http.debug == http::HttpDebugLevel::kFull);
  CHECK(parse(R"({"httpDebug": "headers"})").http.debug == http::HttpDebugLevel::kHeaders);
}

TEST_CASE("options of names and addresses are read") {
  const NetOptions net = parse(R"({
    "dns": {"ttl": "inf", "select": "roundRobin", "policy": "onlyIPv6"},
    "hosts": {"Test.example": "127.0.0.1", "test.example:80": "[::1]:8080", "*.dev": "::1"},
    "blacklistIPs": ["10.0.0.0/8", "fd00::1"], "blockHostnames": ["*.Example.com", "a.b"],
    "localIPs": ["192.168.0.0/30", "192.168.1.1-192.168.1.3"]})")
                             .net;
  CHECK(net.dns.ttl == Duration::max());
  CHECK(net.dns.select == DnsSelect::kRoundRobin);
  CHECK(net.dns.policy == DnsPolicy::kOnlyIpv6);
  REQUIRE(net.hosts.size() == 3);
  CHECK(net.hosts[0].pattern == "*.dev");
  CHECK(net.hosts[0].ip.ip() == "::1");
  CHECK(net.hosts[1].pattern == "test.example");
  CHECK(net.hosts[1].port == 0);
  CHECK(net.hosts[2].pattern == "test.example:80");
  CHECK(net.hosts[2].ip.ip() == "::1");
  CHECK(net.hosts[2].port == 8080);
  REQUIRE(net.blocked_ips.size() == 2);
  CHECK(net.blocked_ips[0].text() == "10.0.0.0-10.255.255.255");
  CHECK(net.blocked_hostnames == std::vector<std::string>{"*.example.com", "a.b"});
  REQUIRE(net.local_ips.size() == 2);
  CHECK(net.local_ips[0].text() == "192.168.0.1-192.168.0.2");
}

TEST_CASE("a ttl of 0 keeps no answer; a number counts milliseconds") {
  CHECK(parse(R"({"dns": {"ttl": 0}})").net.dns.ttl == 0s);
  CHECK(parse(R"({"dns": {"ttl": "1500"}})").net.dns.ttl == 1500ms);
}

TEST_CASE("options of the summary and the outputs are read") {
  const Options options = parse(R"({
    "summaryTimeUnit": "ms", "systemTags": ["vu", "status"], "out": ["csv=a", "json=b"],
    "handleSummaryTimeout": "5s", "minIterationDuration": "1s", "linger": true,
    "executionSegment": "1/4:1/2", "executionSegmentSequence": "0,1/4,1/2,1"})");
  CHECK(options.summary_time_unit == "ms");
  CHECK(options.system_tags.columns() == std::vector<std::string_view>{"status"});
  CHECK(options.system_tags.has(SystemTag::kVu));
  CHECK(options.outputs == std::vector<std::string>{"csv=a", "json=b"});
  CHECK(options.handle_summary_timeout == 5s);
  CHECK(options.min_iteration_duration == 1s);
  CHECK(options.linger);
  CHECK(options.segment.text() == "1/4:1/2");
  CHECK(options.segment.sequence_text() == "0,1/4,1/2,1");
}

TEST_CASE("thresholds without samples pass unless the options say otherwise") {
  CHECK(parse("{}").threshold_no_samples == NoSamples::kPass);
  CHECK(parse(R"({"thresholdNoSamples": "pass"})").threshold_no_samples == NoSamples::kPass);
  CHECK(parse(R"({"thresholdNoSamples": "fail"})").threshold_no_samples == NoSamples::kFail);
}

TEST_CASE("an empty list of system tags leaves all out") {
  CHECK(parse(R"({"systemTags": {}})").system_tags.columns().empty());
}

TEST_CASE("what does nothing is told") {
  CHECK(parse(R"({"noUsageReport": true})").warnings.empty());
  CHECK(parse(R"({"metricSamplesBufferSize": 10})").warnings ==
        std::vector<std::string>{"options.metricSamplesBufferSize: samples are added up where they "
                                 "are made; there is no such buffer"});
  CHECK(
      parse(R"({"vus": 5, "scenarios": {"a": {"executor": "per-vu-iterations"}}})").warnings ==
      std::vector<std::string>{"options.vus: does nothing beside scenarios, which name their VUs"});
}

TEST_CASE("thresholds are expressions, or tables with abortOnFail and delayAbortEval") {
  const Options options = parse(R"({"thresholds": {
    "http_req_duration{scenario:steady}": ["p(95)<200", {"threshold": "max<1000",
                                                         "abortOnFail": true,
                                                         "delayAbortEval": "10s"}],
    "checks": "rate>0.99",
    "iterations": {"threshold": "count>5"},
    "http_reqs": {},
    "vus": []}})");
  REQUIRE(options.thresholds.size() == 5);
  CHECK(options.thresholds[0].selector == "checks");
  REQUIRE(options.thresholds[0].thresholds.size() == 1);
  CHECK(options.thresholds[0].thresholds[0].source == "rate>0.99");
  CHECK(!options.thresholds[0].thresholds[0].abort_on_fail);

  CHECK(options.thresholds[1].selector == "http_req_duration{scenario:steady}");
  REQUIRE(options.thresholds[1].thresholds.size() == 2);
  CHECK(options.thresholds[1].thresholds[0].source == "p(95)<200");
  CHECK(options.thresholds[1].thresholds[1].source == "max<1000");
  CHECK(options.thresholds[1].thresholds[1].abort_on_fail);
  CHECK(options.thresholds[1].thresholds[1].delay_abort_eval == 10s);

  CHECK(options.thresholds[2].selector == "http_reqs");
  CHECK(options.thresholds[2].thresholds.empty());
  CHECK(options.thresholds[3].selector == "iterations");
  CHECK(options.thresholds[3].thresholds.size() == 1);
  CHECK(options.thresholds[4].thresholds.empty());
}

json merged(const char* below, const char* layer, std::string* warning = nullptr) {
  OptionLayer options = named_layer(json::parse(below), "a.lua: options", "a.lua: options.");
  const std::string told = merge_options(options, named_layer(json::parse(layer), "flags", "--"));
  if (warning != nullptr) *warning = told;
  return options.values;
}

TEST_CASE("a layer's options win over those below it, and the others stay") {
  CHECK(merged(R"({"vus": 1, "noSetup": true, "duration": "5s"})", R"({"vus": 9})") ==
        json::parse(R"({"vus": 9, "noSetup": true, "duration": "5s"})"));
}

TEST_CASE("tables are replaced as a whole") {
  CHECK(merged(R"({"tags": {"a": "1", "b": "2"}})", R"({"tags": {"a": "3"}})") ==
        json::parse(R"({"tags": {"a": "3"}})"));
}

TEST_CASE("a layer that sets one of the load options wipes all of them from below") {
  CHECK(merged(R"({"vus": 2, "duration": "5s", "iterations": 3})", R"({"iterations": 10})") ==
        json::parse(R"({"vus": 2, "iterations": 10})"));
  CHECK(merged(R"({"iterations": 3})", R"({"duration": "1s"})") ==
        json::parse(R"({"duration": "1s"})"));
  CHECK(merged(R"({"stages": []})", R"({"duration": "1s"})") ==
        json::parse(R"({"duration": "1s"})"));
}

TEST_CASE("scenarios that another place replaces are warned about") {
  std::string warning;
  CHECK(merged(R"({"scenarios": {"a": {}}, "tags": {"x": "y"}})", R"({"duration": "1s"})",
               &warning) == json::parse(R"({"duration": "1s", "tags": {"x": "y"}})"));
  CHECK(warning == "a.lua: options.scenarios: replaced by --duration");
}

TEST_CASE("-u alone replaces the script's scenarios too, with the warning") {
  std::string warning;
  CHECK(merged(R"({"scenarios": {"a": {}}})", R"({"vus": 5})", &warning) ==
        json::parse(R"({"vus": 5})"));
  CHECK(warning == "a.lua: options.scenarios: replaced by --vus");
}

TEST_CASE("nothing is warned about when no scenarios are wiped") {
  std::string warning = "not asked";
  merged(R"({"duration": "5s"})", R"({"iterations": 10})", &warning);
  CHECK(warning.empty());
  merged(R"({"scenarios": {"a": {}}})", R"({"noSetup": true})", &warning);
  CHECK(warning.empty());
  merged(R"({"scenarios": {"a": {}}})", R"({"duration": null})", &warning);
  CHECK(warning.empty());
}

}  // namespace
}  // namespace perigee
