// The exports of a run, as `--out` names them.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "engine/base/log.h"
#include "engine/export/export_feed.h"
#include "engine/export/export_settings.h"
#include "engine/export/export_thread.h"
#include "engine/output/variables.h"

namespace perigee::exports {

// What exports know when they are opened.
struct ExportContext {
  const MetricRegistry& registry;  // complete; must outlive the exports
  ExportedRun run;
  Log& log;
  Variables variables = no_variables;
  VariablesBeginning beginning = no_variables_beginning;
  // What sets the exports, as messages call it: a flag, a variable, an option.
  std::string where;
};

// All exports of a run on one thread.
class Exports {
 public:
  // Opens "prometheus=ADDRESS", "prometheus-rw=URL" and the like. Null if there are none among the
  // specs. Throws ConfigError for what can't be opened.
  static std::unique_ptr<Exports> open(const std::vector<std::string>& specs,
                                       const ExportContext& context);

  // What the run is to report to.
  SnapshotRecorder& recorder() { return feed_; }

  // After the run: waits until all is sent, for a bounded time. What was lost, a sentence each.
  std::vector<std::string> finish() { return thread_.finish(kPatience); }

 private:
  static constexpr Duration kPatience = std::chrono::seconds(15);

  explicit Exports(const ExportContext& context)
      : thread_(context.registry), feed_(thread_, context.registry, context.run.tags) {}
  void add(std::string_view spec, const ExportContext& context);

  ExportThread thread_;
  ExportFeed feed_;
};

}  // namespace perigee::exports
