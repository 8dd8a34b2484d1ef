#include "engine/export/exports.h"

#include <exception>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "engine/base/config_error.h"
#include "engine/export/grpc_push.h"
#include "engine/export/http_push.h"
#include "engine/export/influx/influx.h"
#include "engine/export/opentelemetry/otlp.h"
#include "engine/export/prometheus/listen_address.h"
#include "engine/export/prometheus/remote_write.h"
#include "engine/export/prometheus/scrape_endpoint.h"
#include "engine/output/outputs.h"

namespace perigee::exports {
namespace {

std::unique_ptr<Exporter> open_scrape_endpoint(ExportThread& thread, std::string_view value,
                                               const ExportContext& context) {
  const Address address = parse_listen_address(value);
  auto endpoint = std::make_unique<ScrapeEndpoint>(thread.loop(), address, context.run,
                                                   thread.book(), context.log);
  context.log.info(
      fmt::format("metrics for Prometheus: http://{}/metrics", endpoint->address().text()));
  return endpoint;
}

std::unique_ptr<Exporter> open_remote_write(ExportThread& thread, std::string_view value,
                                            const ExportContext& context) {
  RemoteWriteSettings settings =
      read_remote_write_settings(value, context.variables, context.beginning, context.log);
  std::string name = fmt::format("prometheus-rw ({})", settings.receiver.url->text);
  auto transport = std::make_unique<HttpPush>(thread.loop(), settings.receiver);
  return std::make_unique<RemoteWrite>(thread.loop(), std::move(transport), std::move(settings),
                                       std::move(name), context.log);
}

std::unique_ptr<Exporter> open_influx(ExportThread& thread, std::string_view value,
                                      const ExportContext& context) {
  InfluxSettings settings =
      read_influx_settings(value, context.variables, context.beginning, context.log);
  std::string name = fmt::format("influxdb (http{}://{})", settings.receiver.url->tls ? "s" : "",
                                 settings.receiver.url->host_header);
  auto transport = std::make_unique<HttpPush>(thread.loop(), settings.receiver);
  return std::make_unique<Influx>(thread.loop(), std::move(transport), std::move(settings),
                                  std::move(name), context.log);
}

std::unique_ptr<Exporter> open_otlp(ExportThread& thread, std::string_view value,
                                    const ExportContext& context) {
  constexpr const char* kMethod = "/opentelemetry.proto.collector.metrics.v1.MetricsService/Export";
  OtlpSettings settings = read_otlp_settings(value, context.run.version, context.variables,
                                             context.beginning, context.log);
  std::string name = fmt::format("opentelemetry ({})", settings.receiver.url->text);
  std::unique_ptr<PushTransport> transport;
  if (settings.grpc) {
    transport = std::make_unique<GrpcPush>(thread.loop(), settings.receiver, kMethod);
  } else {
    transport = std::make_unique<HttpPush>(thread.loop(), settings.receiver);
  }
  return std::make_unique<Otlp>(thread.loop(), std::move(transport), std::move(settings),
                                context.run.version, std::move(name), context.log);
}

std::unique_ptr<Exporter> open_exporter(ExportThread& thread, std::string_view type,
                                        std::string_view value, const ExportContext& context) {
  if (type == "prometheus") return open_scrape_endpoint(thread, value, context);
  if (type == "influxdb") return open_influx(thread, value, context);
  if (type.ends_with("opentelemetry")) return open_otlp(thread, value, context);
  return open_remote_write(thread, value, context);
}

}  // namespace

std::unique_ptr<Exports> Exports::open(const std::vector<std::string>& specs,
                                       const ExportContext& context) {
  const std::vector<std::string> wanted = export_specs(specs);
  if (wanted.empty()) return nullptr;
  std::unique_ptr<Exports> exports(new Exports(context));
  for (const std::string& spec : wanted)
    exports->add(spec, context);
  exports->thread_.start();
  return exports;
}

void Exports::add(std::string_view spec, const ExportContext& context) {
  const std::string_view type = spec.substr(0, spec.find('='));
  const std::string_view value = type == spec ? std::string_view() : spec.substr(type.size() + 1);
  try {
    thread_.add(open_exporter(thread_, type, value, context));
  } catch (const std::exception& error) {
    throw ConfigError(fmt::format("{}: {}: {}", context.where, type, error.what()));
  }
}

}  // namespace perigee::exports
