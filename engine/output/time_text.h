// The times of samples as the raw outputs spell them.
#pragma once

#include <chrono>
#include <string>

#include "engine/base/clock.h"

namespace perigee {

enum class TimeFormat {
  kUnix,
  kUnixMilli,
  kUnixMicro,
  kUnixNano,
  kRfc3339,
  kRfc3339Nano,
};

// Spells one time after another. Those that follow each other are mostly of one second, which is
// spelt once. Dates are of UTC.
class TimeText {
 public:
  explicit TimeText(TimeFormat format) : format_(format) {}

  void append(std::string& row, WallTime time);

 private:
  void spell_second(std::chrono::sys_seconds second);

  TimeFormat format_;
  std::chrono::sys_seconds second_ = std::chrono::sys_seconds::min();
  std::string second_text_;
};

}  // namespace perigee
