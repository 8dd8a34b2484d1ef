// Several recorders of one run as one.
#pragma once

#include <vector>

#include "engine/metrics/snapshot_recorder.h"

namespace perigee {

// They must outlive it.
class SnapshotRecorders final : public SnapshotRecorder {
 public:
  void add_recorder(SnapshotRecorder& recorder) { recorders_.push_back(&recorder); }
  bool empty() const { return recorders_.empty(); }

  void begin(TimeOrigin origin) override {
    for (SnapshotRecorder* recorder : recorders_)
      recorder->begin(origin);
  }
  void add(const Snapshot& snapshot) override {
    for (SnapshotRecorder* recorder : recorders_)
      recorder->add(snapshot);
  }
  void tick(const RunMoment& moment) override {
    for (SnapshotRecorder* recorder : recorders_)
      recorder->tick(moment);
  }
  void judge(const ThresholdReport& report) override {
    for (SnapshotRecorder* recorder : recorders_)
      recorder->judge(report);
  }

 private:
  std::vector<SnapshotRecorder*> recorders_;
};

}  // namespace perigee
