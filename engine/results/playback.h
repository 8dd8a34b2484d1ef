// Plays result files as if their runs were going on: as one run.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "engine/metrics/snapshot_recorder.h"
#include "engine/results/result_reader.h"

namespace perigee::results {

enum class Arrangement {
  kSideBySide,       // parts of one run: counts and VUs add up, at the times that the calendar says
  kOneAfterAnother,  // repetitions: the next begins where the last one ended
};

// A part is played once. Files that are the same part of the same run count once.
class Playback {
 public:
  // Opens the files, at least one, and reads as far as metrics and thresholds are known. Parts of
  // one run (its id is the same) lie side by side, others one after the other in the order of their
  // beginnings. Throws ConfigError for files that can't be read, or are some of this and some of
  // that.
  Playback(const std::vector<std::string>& paths, MetricRegistry& registry);
  ~Playback();
  Playback(const Playback&) = delete;
  Playback& operator=(const Playback&) = delete;

  Arrangement arrangement() const { return arrangement_; }
  // That of the first part.
  const Header& header() const;
  // Of all parts, in the order in which they are played.
  std::vector<const Header*> headers() const;
  // What names the runs, or parts of one, that are in all of them.
  std::vector<std::string> parts() const;

  // Calls begin, add and tick of the recorder.
  void play(SnapshotRecorder& recorder);

  // After `play`: the end of the whole, which is "killed" where a part has none.
  const End& end() const { return end_; }
  // What people should know of the parts, as whole sentences.
  const std::vector<std::string>& warnings() const { return warnings_; }

 private:
  struct Part;

  void open(const std::string& path, MetricRegistry& registry);
  void arrange();
  bool is_repeated(const Part& part, const Part& other);
  void drop_repeated();
  void compare_thresholds();
  void play_side_by_side(SnapshotRecorder& recorder);
  void play_one_after_another(SnapshotRecorder& recorder);
  void give(Part& part, uint32_t worker, Duration offset, SnapshotRecorder& recorder);
  RunMoment moment_at(Duration at) const;
  Duration union_of_loads() const;
  void conclude();

  std::vector<std::unique_ptr<Part>> parts_;
  Arrangement arrangement_ = Arrangement::kOneAfterAnother;
  End end_;
  std::vector<std::string> warnings_;
};

}  // namespace perigee::results
