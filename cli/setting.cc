#include "cli/setting.h"

#include <array>

namespace perigee {
namespace {

using enum SettingKind;

constexpr std::array kLoad{
    Setting{"vus", "-u,--vus", "VUS", kWhole, "N", "number of virtual users"},
    Setting{"duration", "-d,--duration", "DURATION", kText, "D",
            "how long to run, e.g. 30s or 1h5m"},
    Setting{"iterations", "-i,--iterations", "ITERATIONS", kWhole, "N",
            "number of iterations, shared by the VUs"},
    Setting{"stages", "-s,--stage", "STAGES", kStages, "D:N",
            "go to so many VUs within this time; may be repeated, or a list 30s:10,1m:20"},
    Setting{"scenarios", "", "SCENARIOS", kJson, "JSON", "scenarios by name"},
    Setting{"executionSegment", "--execution-segment", "EXECUTION_SEGMENT", kText, "FROM:TO",
            "the part of the run that this process does, e.g. 10%, 1/3 or 0.2:2/3"},
    Setting{"executionSegmentSequence", "--execution-segment-sequence",
            "EXECUTION_SEGMENT_SEQUENCE", kText, "LIST", "where all parts end, e.g. 0,1/4,1/2,1"},
    Setting{"minIterationDuration", "--min-iteration-duration", "MIN_ITERATION_DURATION", kText,
            "D", "iterations that are faster wait until it is over"}};

constexpr std::array kScript{
    Setting{"noSetup", "--no-setup", "NO_SETUP", kSwitch, "", "don't run setup()"},
    Setting{"noTeardown", "--no-teardown", "NO_TEARDOWN", kSwitch, "", "don't run teardown()"},
    Setting{"setupTimeout", "", "SETUP_TIMEOUT", kText, "D", "how long setup() may take"},
    Setting{"teardownTimeout", "", "TEARDOWN_TIMEOUT", kText, "D", "how long teardown() may take"},
    Setting{"handleSummaryTimeout", "", "HANDLE_SUMMARY_TIMEOUT", kText, "D",
            "how long handleSummary() may take"},
    Setting{"linger", "-l,--linger", "LINGER", kSwitch, "",
            "stay after the end until a signal comes"}};

constexpr std::array kRequests{
    Setting{"maxRedirects", "--max-redirects", "MAX_REDIRECTS", kWhole, "N",
            "redirects that a request follows (default 10)"},
    Setting{"batch", "--batch", "BATCH", kWhole, "N",
            "requests of a batch at a time (default 20; 0 = no limit)"},
    Setting{"batchPerHost", "--batch-per-host", "BATCH_PER_HOST", kWhole, "N",
            "requests of a batch to one host at a time (default 6; 0 = no limit)"},
    Setting{"rps", "--rps", "RPS", kWhole, "N", "requests per second of the whole run at most"},
    Setting{"userAgent", "--user-agent", "USER_AGENT", kText, "TEXT",
            "the User-Agent header of requests"},
    Setting{"throw", "-w,--throw", "THROW", kSwitch, "", "failed requests raise errors"},
    Setting{"discardResponseBodies", "--discard-response-bodies", "DISCARD_RESPONSE_BODIES",
            kSwitch, "", "read response bodies, but keep none"},
    Setting{"noCookiesReset", "", "NO_COOKIES_RESET", kSwitch, "",
            "cookies stay from one iteration to the next"},
    Setting{"traceparent", "--traceparent", "TRACEPARENT", kSwitch, "",
            "send a traceparent header with requests, which traces go by"},
    Setting{"noConnectionReuse", "--no-connection-reuse", "NO_CONNECTION_REUSE", kSwitch, "",
            "a connection for every request"},
    Setting{"noVUConnectionReuse", "--no-vu-connection-reuse", "NO_VU_CONNECTION_REUSE", kSwitch,
            "", "close connections after each iteration"},
    Setting{"httpDebug", "--http-debug", "HTTP_DEBUG", kChoice, "headers",
            "log the headers of requests and answers; =full: their bodies, too"}};

constexpr std::array kNetwork{
    Setting{"dns", "--dns", "DNS", kFields, "FIELDS",
            "how names are looked up, e.g. ttl=5m,select=random,policy=preferIPv4"},
    Setting{"hosts", "", "HOSTS", kJson, "JSON", "addresses by name"},
    Setting{"blacklistIPs", "--blacklist-ip", "BLACKLIST_IPS", kList, "RANGES",
            "addresses never to connect to, e.g. 10.0.0.0/8"},
    Setting{"blockHostnames", "--block-hostnames", "BLOCK_HOSTNAMES", kList, "NAMES",
            "names never to connect to, e.g. *.example.com"},
    Setting{"localIPs", "--local-ips", "LOCAL_IPS", kList, "RANGES",
            "where connections come from, an address for each VU"}};

constexpr std::array kTls{
    Setting{"insecureSkipTLSVerify", "--insecure-skip-tls-verify", "INSECURE_SKIP_TLS_VERIFY",
            kSwitch, "", "don't look at the certificates of servers"},
    Setting{"tlsCACerts", "--tls-ca-cert", "TLS_CA_CERTS", kList, "FILES",
            "authorities to trust beside the system's, as PEM files"},
    Setting{"tlsVersion", "", "TLS_VERSION", kJson, "JSON", "versions of TLS to speak"},
    Setting{"tlsCipherSuites", "", "TLS_CIPHER_SUITES", kList, "LIST", "cipher suites to offer"},
    Setting{"tlsAuth", "", "TLS_AUTH", kJson, "JSON", "client certificates"}};

constexpr std::array kResults{
    Setting{"tags", "--tag", "TAGS", kPairs, "NAME=VALUE",
            "a tag for every sample; may be repeated"},
    Setting{"systemTags", "--system-tags", "SYSTEM_TAGS", kList, "LIST",
            "the only system tags that samples get, e.g. status,method,url"},
    Setting{"thresholds", "", "THRESHOLDS", kJson, "JSON", "thresholds by metric"},
    Setting{"thresholdNoSamples", "--threshold-no-samples", "THRESHOLD_NO_SAMPLES", kText,
            "pass|fail", "what thresholds do that nothing was measured for (default pass)"},
    Setting{"failOnErrors", "--fail-on-errors", "FAIL_ON_ERRORS", kSwitch, "",
            "exit with 99 if an iteration ends with an error"},
    Setting{"submetrics", "", "SUBMETRICS", kJson, "JSON", "parts of metrics to summarise"},
    Setting{"out", "-o,--out", "OUT", kTexts, "TYPE=FILE",
            "where samples and metrics go, e.g. csv=samples.csv.gz; may be repeated"},
    Setting{"summaryTrendStats", "--summary-trend-stats", "SUMMARY_TREND_STATS", kList, "LIST",
            "columns of trends, e.g. avg,p(95),p(99.9)"},
    Setting{"summaryTimeUnit", "--summary-time-unit", "SUMMARY_TIME_UNIT", kText, "s|ms|us",
            "one unit for all durations of the summary"},
    Setting{"noUsageReport", "--no-usage-report", "NO_USAGE_REPORT", kSwitch, "",
            "does nothing: nothing is ever reported"},
    Setting{"metricSamplesBufferSize", "", "METRIC_SAMPLES_BUFFER_SIZE", kWhole, "N",
            "does nothing: there is no such buffer"}};

constexpr std::array kCommand{
    Setting{"config", "-c,--config", "CONFIG", kText, "FILE",
            "options as JSON or YAML (default: perigee.yaml or perigee.json of this folder)"},
    Setting{"includeSystemEnvVars", "--include-system-env-vars", "INCLUDE_SYSTEM_ENV_VARS", kSwitch,
            "", "the environment is in __ENV, too (for run the default)"},
    Setting{"outOverflow", "--out-overflow", "OUT_OVERFLOW", kText, "wait|drop",
            "when raw samples come faster than --out can write (default wait)"},
    Setting{"noThresholds", "--no-thresholds", "NO_THRESHOLDS", kSwitch, "",
            "don't judge thresholds"},
    Setting{"summaryMode", "--summary-mode", "SUMMARY_MODE", kText, "compact|full|disabled",
            "how much the summary tells (default compact)"},
    Setting{"noSummary", "--no-summary", "NO_SUMMARY", kSwitch, "", "as --summary-mode disabled"},
    Setting{"summaryExport", "--summary-export", "SUMMARY_EXPORT", kText, "FILE",
            "write the summary as JSON to a file"},
    Setting{"report", "--report", "REPORT", kTexts, "FILE",
            "write a report at the end, as its ending says: .html, .md, .xml, .csv, .xlsx, ..."},
    Setting{"metadata", "--metadata", "METADATA", kText, "FILE",
            "write when the run was, and with which arguments"},
    Setting{"upload", "--upload", "UPLOAD", kText, "URI",
            "send the run's files there at the end: s3://bucket/path, gs://bucket/path, a folder"},
    Setting{"webDashboardExport", "", "WEB_DASHBOARD_EXPORT", kText, "FILE", "as --report"},
    Setting{"newMachineReadableSummary", "--new-machine-readable-summary",
            "NEW_MACHINE_READABLE_SUMMARY", kSwitch, "", "--summary-export has k6's new layout"},
    Setting{"consoleOutput", "--console-output", "CONSOLE_OUTPUT", kText, "FILE",
            "what scripts print goes to a file"},
    Setting{"logOutput", "--log-output", "LOG_OUTPUT", kText, "WHERE",
            "stderr (the default), stdout, none or file=PATH"},
    Setting{"logFormat", "--log-format", "LOG_FORMAT", kText, "text|json|raw",
            "how log lines are written (default text)"},
    Setting{"verbose", "-v,--verbose", "VERBOSE", kSwitch, "", "log debug messages too"},
    Setting{"quiet", "-q,--quiet", "QUIET", kSwitch, "", "no progress"},
    Setting{"noColor", "--no-color", "NO_COLOR", kSwitch, "", "no colours"},
    Setting{"workers", "--workers", "WORKERS", kWhole, "N",
            "threads that generate load (default: CPUs to use)"},
    Setting{"noYieldLimit", "--no-yield-limit", "NO_YIELD_LIMIT", kText, "D",
            "stop an iteration that runs so long without waiting (default 10s; 0 = never)"},
    Setting{"noJit", "--no-jit", "NO_JIT", kSwitch, "",
            "interpret scripts instead of compiling them"}};

constexpr std::array<SettingGroup, 7> kGroups{{{"Load", true, kLoad},
                                               {"Script", true, kScript},
                                               {"Requests", true, kRequests},
                                               {"Names and addresses", true, kNetwork},
                                               {"TLS", true, kTls},
                                               {"Results", true, kResults},
                                               {"Program", false, kCommand}}};

constexpr std::string_view kNoRest = "there is no REST API in this version";

constexpr std::array<RefusedSetting, 10> kRefused{
    {{"-p,--paused", "PAUSED", "",
      "there is no REST API in this version that could let the run go on"},
     {"-a,--address", "ADDRESS", "", kNoRest},
     {"--profiling-enabled", "PROFILING_ENABLED", "", kNoRest},
     {"--traces-output", "TRACES_OUTPUT", "none", "there are no traces in this version"},
     {"--secret-source", "SECRET_SOURCE", "",
      "there are no secret sources in this version; pass secrets in the environment"},
     {"--features", "FEATURES", "", "perigee has none of k6's experimental features"},
     {"--compatibility-mode", "COMPATIBILITY_MODE", "", "scripts are Lua, which has no such modes"},
     {"-t,--type", "TYPE", "", "scripts are Lua files, there is no other type"},
     {"--upload-only", "", "", "perigee knows no cloud service"},
     {"", "WEB_DASHBOARD", "",
      "there is no live web dashboard in this version; for its report set "
      "K6_WEB_DASHBOARD_EXPORT=FILE.html",
      "WEB_DASHBOARD_EXPORT"}}};

}  // namespace

std::span<const SettingGroup> setting_groups() {
  return kGroups;
}

std::span<const RefusedSetting> refused_settings() {
  return kRefused;
}

std::string_view long_flag(const Setting& setting) {
  const size_t comma = setting.flag.find(',');
  return comma == std::string_view::npos ? setting.flag : setting.flag.substr(comma + 1);
}

}  // namespace perigee
