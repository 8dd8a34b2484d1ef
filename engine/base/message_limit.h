// How many log messages of one kind are written: equal ones once, and then how often they came
// again; of different ones a few a second.
#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/clock.h"
#include "engine/base/log_format.h"

namespace perigee {

// A message that was written before and has come again, so many times since that was last logged.
struct RepeatedMessage {
  LogLevel level;
  std::string first_line;
  size_t count;
};

// What has not been written one by one.
struct LeftOutMessages {
  std::vector<RepeatedMessage> repeated;
  size_t others = 0;
};

// Reads no clock itself, so that tests need not wait.
class MessageLimit {
 public:
  struct Verdict {
    bool written;         // whether the message is to be written
    LeftOutMessages due;  // is to be logged before it
  };

  // A message has come. How often an equal one came is due a second after it was written, and then
  // after twice the time each, up to limits::kLogRepeatGap.
  Verdict judge(LogLevel level, std::string_view message, Instant now);

  // All that has been left out since it was last due.
  LeftOutMessages take_rest();

 private:
  struct Known {
    LogLevel level;
    Duration gap;  // until how often it came is logged again
    Instant due;
    size_t count = 0;
  };

  bool is_repeated(std::string_view message);
  LeftOutMessages take_due(Instant now);
  void remember(LogLevel level, std::string_view message, Instant now);

  Instant window_{};
  size_t written_ = 0;  // in this window
  size_t left_out_ = 0;
  std::map<std::string, Known, std::less<>> known_;
};

}  // namespace perigee
