// Which statuses of an answer a script expects.
#pragma once

#include <algorithm>
#include <utility>
#include <vector>

namespace perigee::http {

// Ranges of statuses. 0 stands for a request that got no answer.
class StatusSet {
 public:
  struct Range {
    int first;
    int last;  // included

    bool operator==(const Range&) const = default;
  };

  explicit StatusSet(std::vector<Range> ranges) : ranges_(std::move(ranges)) {}

  bool contains(int status) const {
    return std::any_of(ranges_.begin(), ranges_.end(), [status](const Range& range) {
      return range.first <= status && status <= range.last;
    });
  }

  bool operator==(const StatusSet&) const = default;

 private:
  std::vector<Range> ranges_;
};

}  // namespace perigee::http
