// Who tells others what a run measures, while it goes on.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "engine/base/clock.h"
#include "engine/export/export_update.h"
#include "engine/export/sample_book.h"

namespace perigee::exports {

// Used on the exports' thread, once their loop runs.
class Exporter {
 public:
  Exporter() = default;
  virtual ~Exporter() = default;
  Exporter(const Exporter&) = delete;
  Exporter& operator=(const Exporter&) = delete;

  // The run begins; calendar times are those of `origin`.
  virtual void begin(const TimeOrigin& /*origin*/) {}
  // The update has been added to the book.
  virtual void update(const SampleBook& book, const ExportUpdate& update) = 0;
  // The run is over. Calls `done` when all has been sent or given up, which takes a bounded time.
  virtual void finish(const SampleBook& /*book*/, const std::function<void()>& done) { done(); }
  // What was lost, a sentence each. Called after `done`, or when that took too long.
  virtual std::vector<std::string> losses() const { return {}; }
};

}  // namespace perigee::exports
