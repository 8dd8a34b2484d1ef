#include "engine/base/message_limit.h"

#include <algorithm>
#include <chrono>
#include <utility>

#include "engine/base/limits.h"

namespace perigee {
namespace {

constexpr Duration kWindow = std::chrono::seconds(1);

// The lines below, such as those of a stack, were there when it was written.
std::string first_line(const std::string& message) {
  return message.substr(0, message.find('\n'));
}

}  // namespace

MessageLimit::Verdict MessageLimit::judge(LogLevel level, std::string_view message, Instant now) {
  const bool repeated = is_repeated(message);
  Verdict verdict{.written = false, .due = {}};
  if (now - window_ >= kWindow) verdict.due = take_due(now);
  if (repeated) return verdict;
  if (written_ == limits::kLogLinesPerKind) {
    ++left_out_;
    return verdict;
  }
  ++written_;
  remember(level, message, now);
  verdict.written = true;
  return verdict;
}

bool MessageLimit::is_repeated(std::string_view message) {
  const auto found = known_.find(message);
  if (found == known_.end()) return false;
  ++found->second.count;
  return true;
}

LeftOutMessages MessageLimit::take_due(Instant now) {
  window_ = now;
  written_ = 0;
  LeftOutMessages due{.repeated = {}, .others = std::exchange(left_out_, 0)};
  for (auto& [message, known] : known_) {
    if (known.count == 0 || known.due > now) continue;
    due.repeated.push_back({known.level, first_line(message), std::exchange(known.count, 0)});
    known.gap = std::min<Duration>(known.gap * 2, limits::kLogRepeatGap);
    known.due = now + known.gap;
  }
  return due;
}

// Where too many different ones are known, those that don't come again are forgotten.
void MessageLimit::remember(LogLevel level, std::string_view message, Instant now) {
  if (known_.size() == limits::kLogRepeats) {
    std::erase_if(known_, [](const auto& entry) { return entry.second.count == 0; });
  }
  if (known_.size() == limits::kLogRepeats) return;
  known_.emplace(message, Known{.level = level, .gap = kWindow, .due = now + kWindow});
}

LeftOutMessages MessageLimit::take_rest() {
  LeftOutMessages rest{.repeated = {}, .others = std::exchange(left_out_, 0)};
  for (auto& [message, known] : known_) {
    if (known.count == 0) continue;
    rest.repeated.push_back({known.level, first_line(message), std::exchange(known.count, 0)});
  }
  return rest;
}

}  // namespace perigee
