#include "modules/inference/client_record.h"

#include <algorithm>

namespace perigee::inference {
namespace {

Series within(Series series, double start, double stop) {
  series.start = start;
  series.stop = std::max(start, stop);
  return series;
}

}  // namespace

ClientRecord::ClientRecord(double start, double warmup, double window)
    : start_(start), warmup_end_(start + warmup), window_end_(warmup_end_ + window), last_(start) {}

bool ClientRecord::add(const Inference& inference) {
  last_ = std::max(last_, inference.end);
  total_.add(inference);
  if (inference.end < warmup_end_) {
    warmup_.add(inference);
    return false;
  }
  if (inference.end >= window_end_) return false;
  window_.add(inference);
  return true;
}

Series ClientRecord::series(SeriesName name) const {
  switch (name) {
    case SeriesName::kWarmup:
      return within(warmup_, start_, std::min(last_, warmup_end_));
    case SeriesName::kWindow:
      return within(window_, warmup_end_, std::min(last_, window_end_));
    case SeriesName::kTotal:
      break;
  }
  return within(total_, start_, last_);
}

}  // namespace perigee::inference
