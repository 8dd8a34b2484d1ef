// Writes a run's metrics to InfluxDB: `--out influxdb=URL`.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "engine/base/log.h"
#include "engine/export/exporter.h"
#include "engine/export/influx/influx_settings.h"
#include "engine/export/push_interval.h"
#include "engine/export/push_queue.h"

namespace perigee::exports {

// Once an interval, what it has added: a point for each series.
class Influx final : public Exporter {
 public:
  Influx(Loop& loop, std::unique_ptr<PushTransport> transport, InfluxSettings settings,
         std::string name, Log& log);

  void begin(const TimeOrigin& origin) override;
  void update(const SampleBook& book, const ExportUpdate& update) override;
  void finish(const SampleBook& book, const std::function<void()>& done) override;
  std::vector<std::string> losses() const override { return queue_.losses(); }

 private:
  void push();

  const InfluxSettings settings_;
  PushInterval interval_;
  PushQueue queue_;
  TimeOrigin origin_{};
  std::optional<SampleBook> open_;  // what has come since the last push
};

}  // namespace perigee::exports
