// Sends a run's metrics to OpenTelemetry: `--out opentelemetry`.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "engine/base/log.h"
#include "engine/export/exporter.h"
#include "engine/export/opentelemetry/otlp_settings.h"
#include "engine/export/push_interval.h"
#include "engine/export/push_queue.h"

namespace perigee::exports {

// Once an interval all totals of the run so far, and in the end the last ones.
class Otlp final : public Exporter {
 public:
  // `version` is the program's.
  Otlp(Loop& loop, std::unique_ptr<PushTransport> transport, OtlpSettings settings,
       std::string version, std::string name, Log& log);

  void begin(const TimeOrigin& origin) override;
  void update(const SampleBook& book, const ExportUpdate& update) override;
  void finish(const SampleBook& book, const std::function<void()>& done) override;
  std::vector<std::string> losses() const override { return queue_.losses(); }

 private:
  void push(const SampleBook& book);

  const OtlpSettings settings_;
  PushInterval interval_;
  const std::string version_;
  PushQueue queue_;
  TimeOrigin origin_{};
};

}  // namespace perigee::exports
