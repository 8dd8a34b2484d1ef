// The thread that exports live on: none of them can hold up the load or the run.
#pragma once

#include <functional>
#include <future>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "engine/export/exporter.h"
#include "engine/loop/loop.h"

namespace perigee::exports {

class ExportThread {
 public:
  // The registry must outlive it.
  explicit ExportThread(const MetricRegistry& registry) : book_(registry) {}
  ~ExportThread();
  ExportThread(const ExportThread&) = delete;
  ExportThread& operator=(const ExportThread&) = delete;

  // Before `start`, for making exporters.
  Loop& loop() { return loop_; }
  const SampleBook& book() const { return book_; }
  void add(std::unique_ptr<Exporter> exporter) { exporters_.push_back(std::move(exporter)); }

  void start();

  // From the thread that has started it.
  void begin(const TimeOrigin& origin);
  void update(ExportUpdate update);
  // Waits until all exporters are done, but not longer than `patience`; they go on until the end of
  // this object, so that what can be asked for can still be asked for. What was lost.
  std::vector<std::string> finish(Duration patience);

 private:
  void on_update(const ExportUpdate& update);
  std::vector<std::string> losses() const;

  Loop loop_;
  SampleBook book_;
  std::vector<std::unique_ptr<Exporter>> exporters_;
  std::thread thread_;
};

}  // namespace perigee::exports
