// How metrics are sent to OpenTelemetry: k6's settings of its output.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "engine/base/log.h"
#include "engine/export/export_settings.h"
#include "engine/export/http_push.h"

namespace perigee::exports {

struct OtlpSettings {
  bool grpc = true;         // else HTTP with protobuf
  HttpReceiver receiver{};  // of gRPC its origin, headers and TLS
  Duration interval{};
  std::string service_name{};
  std::string service_version{};
  std::string metric_prefix{};
  bool exponential_histograms = false;
  // A rate is one counter whose attribute says what was counted; else it is two.
  bool single_counter_for_rate = true;
};

// `endpoint` is what the output says, "host:port" or a URL; empty: the variable's. `version` is the
// program's. Throws ConfigError that names the variable.
OtlpSettings read_otlp_settings(std::string_view endpoint, std::string_view version,
                                const Variables& variables, const VariablesBeginning& beginning,
                                Log& log);

}  // namespace perigee::exports
