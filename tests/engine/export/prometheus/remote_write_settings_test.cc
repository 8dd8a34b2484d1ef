#include "engine/export/prometheus/remote_write_settings.h"

#include <doctest/doctest.h>

#include "engine/base/config_error.h"
#include "tests/engine/export/settings_fixture.h"

namespace perigee::exports {
namespace {

struct Fixture : SettingsFixture {
  RemoteWriteSettings read(const Environment& given, std::string_view url = "") {
    environment = given;
    return read_remote_write_settings(url, variables(), beginning(), log);
  }
  std::string error_of(const Environment& given, std::string_view url = "") {
    try {
      read(given, url);
    } catch (const ConfigError& error) {
      return error.what();
    }
    return "no error";
  }
};

using Headers = std::vector<std::pair<std::string, std::string>>;

}  // namespace

TEST_CASE_FIXTURE(Fixture, "what is not set is as in k6, but for stale markers") {
  const RemoteWriteSettings settings = read({});
  CHECK(settings.receiver.url->text == "http://localhost:9090/api/v1/write");
  CHECK(settings.interval == std::chrono::seconds(5));
  REQUIRE(settings.stats.size() == 1);
  CHECK(settings.stats[0].suffix == "p99");
  CHECK_FALSE(settings.native_histograms);
  CHECK(settings.stale_markers);
  CHECK(settings.receiver.tls.least == TlsVersion::kTls13);
  CHECK(settings.receiver.tls.verify);
  CHECK(settings.receiver.headers.empty());
}

TEST_CASE_FIXTURE(Fixture, "k6's variables are read") {
  const RemoteWriteSettings settings =
      read({{"PROMETHEUS_RW_SERVER_URL", "https://mimir:9009/push"},
            {"PROMETHEUS_RW_PUSH_INTERVAL", "2s"},
            {"PROMETHEUS_RW_TREND_STATS", "p(95), p(99.9),min,max,avg,med,count,sum"},
            {"PROMETHEUS_RW_TREND_AS_NATIVE_HISTOGRAM", "true"},
            {"PROMETHEUS_RW_STALE_MARKERS", "false"},
            {"PROMETHEUS_RW_TLS_MINIMUM_VERSION", "1.2"},
            {"PROMETHEUS_RW_INSECURE_SKIP_TLS_VERIFY", "1"}});
  CHECK(settings.receiver.url->text == "https://mimir:9009/push");
  CHECK(settings.interval == std::chrono::seconds(2));
  std::string suffixes;
  for (const TrendStat& stat : settings.stats)
    suffixes += stat.suffix + " ";
  CHECK(suffixes == "p95 p999 min max avg med count sum ");
  CHECK(settings.native_histograms);
  CHECK_FALSE(settings.stale_markers);
  CHECK(settings.receiver.tls.least == TlsVersion::kTls12);
  CHECK_FALSE(settings.receiver.tls.verify);
}

TEST_CASE_FIXTURE(Fixture, "the output's own URL goes before the variable's") {
  CHECK(read({{"PROMETHEUS_RW_SERVER_URL", "http://a/w"}}, "http://b/w").receiver.url->text ==
        "http://b/w");
  CHECK(read({}, "b:9090/w").receiver.url->text == "http://b:9090/w");
}

TEST_CASE_FIXTURE(Fixture, "headers come from a list and from variables of their own") {
  CHECK(read({{"PROMETHEUS_RW_HTTP_HEADERS", "X-Scope-OrgID:blue, X-Url:http://x"},
              {"PROMETHEUS_RW_HEADERS_X-Team", "a,b"}})
            .receiver.headers ==
        Headers{{"X-Scope-OrgID", "blue"}, {"X-Url", "http://x"}, {"X-Team", "a,b"}});
}

TEST_CASE_FIXTURE(Fixture, "a token goes before a user, and secrets are kept out of the log") {
  CHECK(read({{"PROMETHEUS_RW_USERNAME", "ann"}, {"PROMETHEUS_RW_PASSWORD", "hunter2222"}})
            .receiver.headers == Headers{{"Authorization", "Basic YW5uOmh1bnRlcjIyMjI="}});
  CHECK(read({{"PROMETHEUS_RW_USERNAME", "ann"}, {"PROMETHEUS_RW_BEARER_TOKEN", "tok-123456"}})
            .receiver.headers == Headers{{"Authorization", "Bearer tok-123456"}});
  log.info("hunter2222 and tok-123456");
  CHECK(logged.find("hunter2222") == std::string::npos);
  CHECK(logged.find("tok-123456") == std::string::npos);
}

TEST_CASE_FIXTURE(Fixture, "a key of AWS signs each request, and stands above user and token") {
  const RemoteWriteSettings settings =
      read({{"PROMETHEUS_RW_SIGV4_REGION", "eu-west-1"},
            {"PROMETHEUS_RW_SIGV4_ACCESS_KEY", "AKID"},
            {"PROMETHEUS_RW_SIGV4_SECRET_KEY", "secret-2222"},
            {"PROMETHEUS_RW_BEARER_TOKEN", "tok-123456"}},
           "https://aps.example/workspaces/ws-1/api/v1/remote_write");
  CHECK(settings.receiver.headers.empty());
  REQUIRE(settings.receiver.sign);
  const Headers headers = settings.receiver.sign(*settings.receiver.url, "body");
  REQUIRE(headers.size() == 2);
  CHECK(headers[0].first == "X-Amz-Date");
  CHECK(headers[1].first == "Authorization");
  CHECK(headers[1].second.starts_with("AWS4-HMAC-SHA256 Credential=AKID/"));
  CHECK(headers[1].second.find("/eu-west-1/aps/aws4_request, SignedHeaders=host;x-amz-date, ") !=
        std::string::npos);
  CHECK(settings.receiver.sign(*settings.receiver.url, "other")[1] != headers[1]);
  log.info("secret-2222");
  CHECK(logged.find("secret-2222") == std::string::npos);
}

TEST_CASE_FIXTURE(Fixture, "malformed values are named with what they should be") {
  CHECK(error_of({{"PROMETHEUS_RW_TREND_STATS", "p95"}}) ==
        "K6_PROMETHEUS_RW_TREND_STATS: \"p95\" is none of avg, min, med, max, count, sum, p(N)");
  CHECK(error_of({{"PROMETHEUS_RW_PUSH_INTERVAL", "0s"}}) ==
        "K6_PROMETHEUS_RW_PUSH_INTERVAL: must be a duration like \"5s\", got \"0s\"");
  CHECK(error_of({{"PROMETHEUS_RW_STALE_MARKERS", "maybe"}}) ==
        "K6_PROMETHEUS_RW_STALE_MARKERS: must be true or false, got \"maybe\"");
  CHECK(error_of({{"PROMETHEUS_RW_HTTP_HEADERS", "X-Scope"}}) ==
        "K6_PROMETHEUS_RW_HTTP_HEADERS: must look like name:value,name:value");
  CHECK(error_of({{"PROMETHEUS_RW_TLS_MINIMUM_VERSION", "tls"}}) ==
        "K6_PROMETHEUS_RW_TLS_MINIMUM_VERSION: \"tls\" is none of 1.2, 1.3");
  CHECK(error_of({{"PROMETHEUS_RW_CLIENT_CERTIFICATE", "/c.pem"}}).find("needs both") !=
        std::string::npos);
  CHECK(error_of({{"PROMETHEUS_RW_SIGV4_REGION", "eu"}, {"PROMETHEUS_RW_SIGV4_ACCESS_KEY", "a"}}) ==
        "PERIGEE_PROMETHEUS_RW_SIGV4_SECRET_KEY: a signature for AWS needs a region, an access key "
        "and a secret key");
  CHECK(error_of({}, "ftp://x") != "no error");
}

TEST_CASE_FIXTURE(Fixture, "a variable that is no setting is warned of, with the closest one") {
  read({{"PROMETHEUS_RW_TREND_STAT", "p(90)"}, {"PROMETHEUS_RW_HEADERS_X", "y"}});
  CHECK(logged.find("K6_PROMETHEUS_RW_TREND_STAT: there is no such setting (did you mean "
                    "\\\"TREND_STATS\\\"?)") != std::string::npos);
  CHECK(logged.find("HEADERS_X") == std::string::npos);
}

}  // namespace perigee::exports
