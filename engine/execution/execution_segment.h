// The part of a test that this instance runs: from 10%, 1/3, 0.2:2/3, and how the others are cut.
#pragma once

#include <string>
#include <vector>

#include "engine/execution/fraction.h"
#include "engine/execution/segment_share.h"

namespace perigee {

// Instances need not know of one another: each is told the same sequence and its own segment of it.
class ExecutionSegment {
 public:
  // The whole test.
  ExecutionSegment() = default;
  // `segment` is "FROM:TO", or "TO" from 0 on; `sequence` all cuts in ascending order, as
  // "0,1/4,1/2,1". Either may be empty: the whole, and no more cuts than the segment makes itself.
  // Throws ConfigError.
  ExecutionSegment(const std::string& segment, const std::string& sequence);

  // Which of the test's VUs and iterations are those of this segment.
  const SegmentShare& share() const { return share_; }
  bool is_whole() const { return share_.is_whole(); }
  // As the options have them: "1/3:2/3", "0,1/3,2/3,1".
  std::string text() const { return from_.text() + ":" + to_.text(); }
  std::string sequence_text() const;

 private:
  void add_cut(const Fraction& cut);
  void take_share();

  Fraction from_{0, 1};
  Fraction to_{1, 1};
  std::vector<Fraction> cuts_{{0, 1}, {1, 1}};
  SegmentShare share_;
};

}  // namespace perigee
