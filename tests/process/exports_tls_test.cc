// What a run pushes over TLS.
#include <fstream>
#include <map>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "tests/engine/output/scratch_folder.h"
#include "tests/support/http_answers.h"
#include "tests/support/process.h"
#include "tests/support/raw_server.h"
#include "tests/support/test_authority.h"

namespace perigee {
namespace {

using Environment = std::map<std::string, std::string>;

// A receiver that wants certificates of its authority, and the files that clients need for it.
struct TlsReceiver {
  explicit TlsReceiver(bool wants_certificate = true)
      : server({answers(std::vector<std::string>(8, answer("200 OK")))},
               {.identity = authority.issue(),
                .client_authority = wants_certificate ? authority.certificate() : ""}) {
    const TestIdentity client = authority.issue({.names = {"DNS:client"}});
    std::ofstream(folder / "ca.pem") << authority.certificate();
    std::ofstream(folder / "other.pem") << TestAuthority().certificate();
    std::ofstream(folder / "client.pem") << client.certificate;
    std::ofstream(folder / "client.key") << client.key;
    std::ofstream(folder / "script.lua")
        << "return { options = { iterations = 5 }, default = function() end }";
  }

  ProcessResult run(const std::string& output, const Environment& environment) {
    return run_process({perigee_program(), "run", "--quiet", "--out", output, "script.lua"},
                       {.environment = environment, .folder = folder / ""});
  }

  TestAuthority authority;
  RawServer server;
  ScratchFolder folder;
};

bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

bool is_complete(const ProcessResult& result) {
  INFO(result.out, result.err);
  CHECK(result.exit_code == 0);
  return !has(result.out, "samples are missing there");
}

}  // namespace

TEST_CASE("remote write trusts an authority of its own and shows a certificate") {
  TlsReceiver receiver;
  const Environment trusted{{"K6_PROMETHEUS_RW_CA_CERTIFICATE", "ca.pem"},
                            {"K6_PROMETHEUS_RW_CLIENT_CERTIFICATE", "client.pem"},
                            {"K6_PROMETHEUS_RW_CLIENT_CERTIFICATE_KEY", "client.key"}};
  const std::string output = "prometheus-rw=" + receiver.server.url("/api/v1/write");
  CHECK(is_complete(receiver.run(output, trusted)));
  CHECK(has(receiver.server.requests().at(0), "POST /api/v1/write HTTP/1.1\r\n"));
  Environment other = trusted;
  other["K6_PROMETHEUS_RW_CA_CERTIFICATE"] = "other.pem";
  const ProcessResult refused = receiver.run(output, other);
  CHECK_FALSE(is_complete(refused));
  CHECK(has(refused.err, "unknown authority"));
  Environment missing = trusted;
  missing["K6_PROMETHEUS_RW_CA_CERTIFICATE"] = "nowhere.pem";
  const ProcessResult unread = receiver.run(output, missing);
  CHECK(unread.exit_code == 104);
  CHECK_MESSAGE(has(unread.err, "K6_PROMETHEUS_RW_CA_CERTIFICATE"), unread.err);
}

TEST_CASE("a receiver that wants a certificate refuses those who have none") {
  TlsReceiver receiver;
  const ProcessResult result = receiver.run("prometheus-rw=" + receiver.server.url("/write"),
                                            {{"K6_PROMETHEUS_RW_CA_CERTIFICATE", "ca.pem"}});
  CHECK_FALSE(is_complete(result));
  CHECK(receiver.server.requests().empty());
}

TEST_CASE("OpenTelemetry over HTTP has the same settings of TLS") {
  TlsReceiver receiver;
  Environment environment{{"K6_OTEL_EXPORTER_PROTOCOL", "http/protobuf"},
                          {"K6_OTEL_TLS_CERTIFICATE", "ca.pem"},
                          {"K6_OTEL_TLS_CLIENT_CERTIFICATE", "client.pem"},
                          {"K6_OTEL_TLS_CLIENT_KEY", "client.key"}};
  const std::string output = "opentelemetry=" + receiver.server.url();
  CHECK(is_complete(receiver.run(output, environment)));
  environment["K6_OTEL_TLS_CERTIFICATE"] = "other.pem";
  CHECK_FALSE(is_complete(receiver.run(output, environment)));
}

TEST_CASE("certificates that nobody signed are taken where that is asked for") {
  TlsReceiver receiver(/*wants_certificate=*/false);
  const std::string url = receiver.server.url();
  CHECK(is_complete(receiver.run("influxdb=" + url + "db", {{"K6_INFLUXDB_INSECURE", "true"}})));
  CHECK_FALSE(is_complete(receiver.run("influxdb=" + url + "db", {})));
  CHECK(is_complete(receiver.run("experimental-prometheus-rw=" + url,
                                 {{"K6_PROMETHEUS_RW_INSECURE_SKIP_TLS_VERIFY", "true"}})));
}

}  // namespace perigee
