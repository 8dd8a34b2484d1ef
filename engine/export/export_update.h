// What a second of a run has added, on its way to the exports.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "engine/metrics/snapshot.h"
#include "engine/metrics/snapshot_recorder.h"
#include "engine/metrics/tags.h"

namespace perigee::exports {

// How a threshold stands.
struct ThresholdState {
  std::string metric;     // with its selector, as the script has it
  std::string condition;  // "p(95)<200"
  bool ok = true;
  std::optional<double> observed{};
};

struct ExportUpdate {
  RunMoment moment{};
  std::vector<SeriesDelta> series{};  // of each worker
  std::vector<ThresholdState> thresholds{};
};

// What does not change while a run lasts.
struct ExportedRun {
  std::string version;  // of the program
  std::string script;
  std::string id;
  TagSet tags;  // of all samples
};

}  // namespace perigee::exports
