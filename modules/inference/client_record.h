// What one client has inferred: in all, while it warmed up, and in the window that follows.
#pragma once

#include "modules/inference/series.h"

namespace perigee::inference {

enum class SeriesName { kTotal, kWarmup, kWindow };

class ClientRecord {
 public:
  // Seconds; a window that ends with the load is infinite.
  ClientRecord(double start, double warmup, double window);

  // An inference belongs to the series that it ends in. Returns whether that is the window.
  bool add(const Inference& inference);
  // A series as it is now: from its first instant to its last, or to the last inference's end.
  Series series(SeriesName name) const;

 private:
  double start_;
  double warmup_end_;
  double window_end_;
  double last_;
  Series total_;
  Series warmup_;
  Series window_;
};

}  // namespace perigee::inference
