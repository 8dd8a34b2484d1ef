// Writes a run's metrics to Prometheus: `--out prometheus-rw=URL`.
#pragma once

#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "engine/base/log.h"
#include "engine/export/exporter.h"
#include "engine/export/prometheus/remote_write_message.h"
#include "engine/export/prometheus/remote_write_settings.h"
#include "engine/export/push_interval.h"
#include "engine/export/push_queue.h"

namespace perigee::exports {

// Once an interval, all totals of the run so far; in the end the last ones, and stale markers.
// Begins with version 1.0, which everybody reads, asks by an empty request of 2.0 whether the
// receiver speaks that, and goes over to it if the response says so.
class RemoteWrite final : public Exporter {
 public:
  RemoteWrite(Loop& loop, std::unique_ptr<PushTransport> transport, RemoteWriteSettings settings,
              std::string name, Log& log);

  void begin(const TimeOrigin& origin) override { origin_ = origin; }
  void update(const SampleBook& book, const ExportUpdate& update) override;
  void finish(const SampleBook& book, const std::function<void()>& done) override;
  std::vector<std::string> losses() const override { return queue_.losses(); }

 private:
  void push(const SampleBook& book);
  void ask_for_v2();
  void push_series(std::vector<WrittenSeries> series, bool stale);
  void push_part(std::span<const WrittenSeries> series, bool stale);
  // Takes from a response which version the receiver speaks, and what it has not written.
  PushResult judge(const Push& push, PushResult result);
  PushResult judge_question(const PushResult& result);

  void speak(WriteVersion version);

  const RemoteWriteSettings settings_;
  PushInterval interval_;
  const std::string name_;
  Log& log_;
  PushQueue queue_;
  WriteVersion version_ = WriteVersion::kV1;
  bool asked_ = false;
  TimeOrigin origin_{};
  int64_t time_ms_ = 0;  // of the last push; each series has one value for a time
};

}  // namespace perigee::exports
