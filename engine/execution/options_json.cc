#include "engine/execution/options_json.h"

#include <nlohmann/json.hpp>

#include "engine/base/duration.h"
#include "engine/execution/scenario_json.h"

namespace perigee {
namespace {

using nlohmann::json;

json thresholds_json(const std::vector<ThresholdDefinition>& definitions) {
  json result = json::object();
  for (const ThresholdDefinition& definition : definitions) {
    json list = json::array();
    for (const Threshold& threshold : definition.thresholds) {
      if (!threshold.abort_on_fail && threshold.delay_abort_eval == Duration::zero()) {
        list.push_back(threshold.source);
        continue;
      }
      list.push_back({{"threshold", threshold.source},
                      {"abortOnFail", threshold.abort_on_fail},
                      {"delayAbortEval", format_duration(threshold.delay_abort_eval)}});
    }
    result[definition.selector] = std::move(list);
  }
  return result;
}

const char* name_of(DnsSelect select) {
  switch (select) {
    case DnsSelect::kFirst:
      return "first";
    case DnsSelect::kRandom:
      return "random";
    case DnsSelect::kRoundRobin:
      return "roundRobin";
  }
  return "";
}

const char* name_of(DnsPolicy policy) {
  switch (policy) {
    case DnsPolicy::kPreferIpv4:
      return "preferIPv4";
    case DnsPolicy::kPreferIpv6:
      return "preferIPv6";
    case DnsPolicy::kOnlyIpv4:
      return "onlyIPv4";
    case DnsPolicy::kOnlyIpv6:
      return "onlyIPv6";
    case DnsPolicy::kAny:
      return "any";
  }
  return "";
}

json ranges_json(const std::vector<AddressRange>& ranges) {
  json list = json::array();
  for (const AddressRange& range : ranges)
    list.push_back(range.text());
  return list;
}

json hosts_json(const std::vector<HostEntry>& hosts) {
  json result = json::object();
  for (const HostEntry& host : hosts) {
    result[host.pattern] = host.port == 0 ? host.ip.ip() : host.ip.with_port(host.port).text();
  }
  return result;
}

void add_net(const NetOptions& net, json& result) {
  result["dns"] = {{"ttl", net.dns.ttl == Duration::max() ? "inf" : format_duration(net.dns.ttl)},
                   {"select", name_of(net.dns.select)},
                   {"policy", name_of(net.dns.policy)}};
  result["hosts"] = hosts_json(net.hosts);
  result["blacklistIPs"] = ranges_json(net.blocked_ips);
  result["blockHostnames"] = net.blocked_hostnames;
  result["localIPs"] = ranges_json(net.local_ips);
}

// Keys and passwords stay where they are.
json tls_auth_json(const std::vector<TlsClientCertificate>& certificates) {
  json list = json::array();
  for (const TlsClientCertificate& certificate : certificates)
    list.push_back({{"domains", certificate.domains}});
  return list;
}

void add_tls(const TlsOptions& tls, json& result) {
  result["insecureSkipTLSVerify"] = !tls.verify;
  result["tlsVersion"] = {{"min", name_of(tls.least)}, {"max", name_of(tls.most)}};
  if (!tls.cipher_suites.empty()) result["tlsCipherSuites"] = tls.cipher_suites;
  result["tlsAuth"] = tls_auth_json(tls.certificates);
  result["tlsCACerts"] = json::array();
  for (const TlsPem& authority : tls.authorities)
    result["tlsCACerts"].push_back(authority.text);
}

void add_http(const http::HttpOptions& http, json& result) {
  result["maxRedirects"] = http.max_redirects;
  result["batch"] = http.batch;
  result["batchPerHost"] = http.batch_per_host;
  result["rps"] = http.rps;
  if (!http.user_agent.empty()) result["userAgent"] = http.user_agent;
  result["noConnectionReuse"] = http.no_connection_reuse;
  result["noVUConnectionReuse"] = http.no_vu_connection_reuse;
  result["throw"] = http.throws;
  result["discardResponseBodies"] = http.discard_response_bodies;
  result["noCookiesReset"] = http.no_cookies_reset;
  result["traceparent"] = http.traceparent;
  if (http.debug != http::HttpDebugLevel::kOff) {
    result["httpDebug"] = http.debug == http::HttpDebugLevel::kFull ? "full" : "headers";
  }
}

void add_life_cycle(const Options& options, json& result) {
  result["setupTimeout"] = format_duration(options.setup_timeout);
  result["teardownTimeout"] = format_duration(options.teardown_timeout);
  result["handleSummaryTimeout"] = format_duration(options.handle_summary_timeout);
  result["minIterationDuration"] = format_duration(options.min_iteration_duration);
  result["noSetup"] = options.no_setup;
  result["noTeardown"] = options.no_teardown;
  result["linger"] = options.linger;
}

void add_results(const Options& options, json& result) {
  result["thresholds"] = thresholds_json(options.thresholds);
  result["thresholdNoSamples"] = options.threshold_no_samples == NoSamples::kFail ? "fail" : "pass";
  result["failOnErrors"] = options.fail_on_errors;
  result["tags"] = options.tags;
  result["out"] = options.outputs;
  result["systemTags"] = options.system_tags.names();
  if (!options.summary_time_unit.empty()) result["summaryTimeUnit"] = options.summary_time_unit;
  if (options.summary_trend_stats.empty()) return;
  json& stats = result["summaryTrendStats"] = json::array();
  for (const Aggregate& stat : options.summary_trend_stats)
    stats.push_back(to_string(stat));
}

}  // namespace

json to_json(const Options& options) {
  json result = json::object();
  for (const Scenario& scenario : options.scenarios)
    result["scenarios"][scenario.name] = to_json(scenario);
  if (!options.segment.is_whole()) {
    result["executionSegment"] = options.segment.text();
    result["executionSegmentSequence"] = options.segment.sequence_text();
  }
  add_life_cycle(options, result);
  add_http(options.http, result);
  add_net(options.net, result);
  add_tls(options.net.tls, result);
  add_results(options, result);
  return result;
}

}  // namespace perigee
