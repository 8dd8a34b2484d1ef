#include "engine/export/opentelemetry/otlp_settings.h"

#include <doctest/doctest.h>

#include "engine/base/config_error.h"
#include "tests/engine/export/settings_fixture.h"

namespace perigee::exports {
namespace {

struct Fixture : SettingsFixture {
  OtlpSettings read(const Environment& given, std::string_view endpoint = "") {
    environment = given;
    return read_otlp_settings(endpoint, "1.2", variables(), beginning(), log);
  }
  std::string error_of(const Environment& given) {
    try {
      read(given);
    } catch (const ConfigError& error) {
      return error.what();
    }
    return "no error";
  }
};

using Headers = std::vector<std::pair<std::string, std::string>>;

}  // namespace

TEST_CASE_FIXTURE(Fixture, "what is not set goes to a collector on this machine by gRPC") {
  const OtlpSettings settings = read({});
  CHECK(settings.grpc);
  CHECK(settings.receiver.url->host_header == "localhost:4317");
  CHECK(settings.receiver.url->tls);
  CHECK(settings.interval == std::chrono::seconds(10));
  CHECK(settings.service_name == "perigee");
  CHECK(settings.service_version == "1.2");
  CHECK(settings.metric_prefix.empty());
  CHECK_FALSE(settings.exponential_histograms);
  CHECK(settings.single_counter_for_rate);
}

TEST_CASE_FIXTURE(Fixture, "k6's variables of the HTTP exporter are read") {
  const OtlpSettings settings = read({{"OTEL_EXPORTER_PROTOCOL", "http/protobuf"},
                                      {"OTEL_HTTP_EXPORTER_ENDPOINT", "collector:4318"},
                                      {"OTEL_HTTP_EXPORTER_INSECURE", "true"},
                                      {"OTEL_HTTP_EXPORTER_URL_PATH", "otlp/v1/metrics"},
                                      {"OTEL_HTTP_EXPORTER_USERNAME", "ann"},
                                      {"OTEL_HTTP_EXPORTER_PASSWORD", "hunter2222"},
                                      {"OTEL_HEADERS", "x-team=blue,x-key=a=b"},
                                      {"OTEL_SERVICE_NAME", "load"},
                                      {"OTEL_SERVICE_VERSION", "7"},
                                      {"OTEL_METRIC_PREFIX", "k6_"},
                                      {"OTEL_SINGLE_COUNTER_FOR_RATE", "false"},
                                      {"OTEL_EXPORT_INTERVAL", "2s"}});
  CHECK_FALSE(settings.single_counter_for_rate);
  CHECK(logged.empty());
  CHECK_FALSE(settings.grpc);
  CHECK(settings.receiver.url->text == "http://collector:4318");
  CHECK(settings.receiver.url->target == "/otlp/v1/metrics");
  CHECK(settings.receiver.headers == Headers{{"x-team", "blue"},
                                             {"x-key", "a=b"},
                                             {"Authorization", "Basic YW5uOmh1bnRlcjIyMjI="}});
  CHECK(settings.interval == std::chrono::seconds(2));
  CHECK(settings.service_name == "load");
  CHECK(settings.service_version == "7");
  CHECK(settings.metric_prefix == "k6_");
}

TEST_CASE_FIXTURE(Fixture, "the output may say the endpoint, with its scheme and path") {
  CHECK(read({}, "http://c:1").receiver.url->host_header == "c:1");
  CHECK_FALSE(read({}, "http://c:1").receiver.url->tls);
  CHECK(read({{"OTEL_GRPC_EXPORTER_INSECURE", "1"}}, "c:1").receiver.url->text == "http://c:1");
  CHECK(read({{"OTEL_EXPORTER_TYPE", "http"}}, "http://c:1/mine").receiver.url->target == "/mine");
  CHECK(read({{"OTEL_EXPORTER_TYPE", "http"}}, "http://c:1").receiver.url->target == "/v1/metrics");
}

TEST_CASE_FIXTURE(Fixture, "malformed values are named with what they should be") {
  CHECK(error_of({{"OTEL_EXPORTER_PROTOCOL", "gprc"}}) ==
        "K6_OTEL_EXPORTER_PROTOCOL: \"gprc\" is none of grpc, http/protobuf (did you mean "
        "\"grpc\"?)");
  CHECK(error_of({{"OTEL_HEADERS", "x-team:blue"}}) ==
        "K6_OTEL_HEADERS: must look like name=value,name=value");
  CHECK(error_of({{"OTEL_TLS_CLIENT_KEY", "/k.pem"}}).find("needs both") != std::string::npos);
}

}  // namespace perigee::exports
