#include "engine/export/opentelemetry/otlp_settings.h"

#include <array>
#include <utility>

#include <fmt/format.h>

#include "engine/export/limits.h"
#include "engine/export/receiver_settings.h"

namespace perigee::exports {
namespace {

constexpr std::string_view kPrefix = "OTEL_";
constexpr std::string_view kGrpc = "grpc";
constexpr std::string_view kHttp = "http/protobuf";

constexpr std::array<std::string_view, 23> kNames{
    "SERVICE_NAME", "SERVICE_VERSION", "METRIC_PREFIX", "EXPORT_INTERVAL", "EXPORTER_PROTOCOL",
    "EXPORTER_TYPE", "HEADERS", "EXPONENTIAL_HISTOGRAM", "SINGLE_COUNTER_FOR_RATE",
    "HTTP_EXPORTER_INSECURE", "HTTP_EXPORTER_ENDPOINT", "HTTP_EXPORTER_URL_PATH",
    "HTTP_EXPORTER_USERNAME", "HTTP_EXPORTER_PASSWORD", "GRPC_EXPORTER_ENDPOINT",
    "GRPC_EXPORTER_INSECURE", "TLS_INSECURE_SKIP_VERIFY", "TLS_CERTIFICATE",
    "TLS_CLIENT_CERTIFICATE", "TLS_CLIENT_KEY",
    // This changes nothing: what the run measures is there once a second.
    "FLUSH_INTERVAL",
    // OpenTelemetry's own, which only lack the prefix.
    "EXPORTER_OTLP_", "RESOURCE_ATTRIBUTES"};

bool wants_grpc(const ExportSettings& settings) {
  constexpr std::array<std::string_view, 2> kProtocols{kGrpc, kHttp};
  constexpr std::array<std::string_view, 2> kTypes{"grpc", "http"};
  // The name that the setting had at first.
  const bool http = settings.choice("EXPORTER_TYPE", kTypes, "grpc") == "http";
  return settings.choice("EXPORTER_PROTOCOL", kProtocols, http ? kHttp : kGrpc) == kGrpc;
}

TlsOptions read_tls(const ExportSettings& settings) {
  TlsOptions tls;
  tls.verify = !settings.flag("TLS_INSECURE_SKIP_VERIFY", false);
  read_certificates(settings,
                    {.authorities = "TLS_CERTIFICATE",
                     .certificate = "TLS_CLIENT_CERTIFICATE",
                     .key = "TLS_CLIENT_KEY"},
                    tls);
  return tls;
}

// k6 names a host and a port, and whether that is without TLS by a setting of its own.
std::string complete(std::string_view endpoint, bool insecure) {
  if (endpoint.find("://") != std::string_view::npos) return std::string(endpoint);
  return fmt::format("{}://{}", insecure ? "http" : "https", endpoint);
}

std::shared_ptr<const http::Url> read_url(std::string_view endpoint, bool grpc,
                                          const ExportSettings& settings) {
  const std::string_view group = grpc ? "GRPC_EXPORTER_" : "HTTP_EXPORTER_";
  const std::string variable =
      settings.text(fmt::format("{}ENDPOINT", group), grpc ? "localhost:4317" : "localhost:4318");
  const bool insecure = settings.flag(fmt::format("{}INSECURE", group), false);
  http::Url url =
      *parse_receiver_url(complete(endpoint.empty() ? variable : std::string(endpoint), insecure));
  if (!grpc && url.target == "/") {
    url.target = settings.text("HTTP_EXPORTER_URL_PATH", "/v1/metrics");
    if (!url.target.starts_with('/')) url.target.insert(0, "/");
  }
  return std::make_shared<const http::Url>(std::move(url));
}

}  // namespace

OtlpSettings read_otlp_settings(std::string_view endpoint, std::string_view version,
                                const Variables& variables, const VariablesBeginning& beginning,
                                Log& log) {
  const ExportSettings settings(std::string(kPrefix), variables, beginning);
  check_settings(settings, kNames, {"HTTP_EXPORTER_PASSWORD"}, log);
  OtlpSettings read;
  read.grpc = wants_grpc(settings);
  read.receiver.url = read_url(endpoint, read.grpc, settings);
  read.receiver.headers = settings.headers("HEADERS", '=');
  if (!read.grpc) {
    add_authorization(read.receiver.headers, "", settings.text("HTTP_EXPORTER_USERNAME"),
                      settings.text("HTTP_EXPORTER_PASSWORD"));
  }
  read.receiver.tls = read_tls(settings);
  read.receiver.timeout = limits::kPushTimeout;
  read.interval = settings.duration("EXPORT_INTERVAL", std::chrono::seconds(10));
  read.service_name = settings.text("SERVICE_NAME", "perigee");
  read.service_version = settings.text("SERVICE_VERSION", version);
  read.metric_prefix = settings.text("METRIC_PREFIX");
  read.exponential_histograms = settings.flag("EXPONENTIAL_HISTOGRAM", false);
  read.single_counter_for_rate = settings.flag("SINGLE_COUNTER_FOR_RATE", true);
  return read;
}

}  // namespace perigee::exports
