#include "engine/export/push_queue.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "engine/base/duration.h"
#include "engine/export/limits.h"

namespace perigee::exports {

using Kind = PushResult::Kind;

PushQueue::PushQueue(Loop& loop, std::unique_ptr<PushTransport> transport, Settings settings,
                     Log& log)
    : loop_(loop),
      transport_(std::move(transport)),
      settings_(std::move(settings)),
      log_(log),
      retry_(loop.timers(), [this] { send_next(); }) {}

PushQueue::~PushQueue() {
  if (sending_) transport_->cancel();
}

void PushQueue::add(Push push) {
  bytes_ += push.body.size();
  queue_.push_back(std::move(push));
  trim();
  if (!sending_ && !retry_.armed()) send_next();
}

void PushQueue::trim() {
  const size_t kept = sending_ || retry_.armed() ? 1 : 0;
  while (queue_.size() > kept + 1 &&
         (bytes_ > limits::kQueuedBytes || queue_.size() > limits::kQueuedPushes)) {
    const auto oldest = queue_.begin() + static_cast<std::ptrdiff_t>(kept);
    lose(oldest->samples, "the queue was full");
    bytes_ -= oldest->body.size();
    queue_.erase(oldest);
  }
}

void PushQueue::send_next() {
  if (queue_.empty()) {
    if (done_) std::exchange(done_, {})();
    return;
  }
  sending_ = true;
  ++tries_;
  transport_->send(queue_.front(), [this](PushResult result) { on_result(std::move(result)); });
}

void PushQueue::on_result(PushResult result) {
  sending_ = false;
  if (judge_) result = judge_(queue_.front(), std::move(result));
  unreachable_ = result.kind == Kind::kUnreachable;
  if (result.kind == Kind::kAccepted) {
    if (result.samples_refused > 0) lose(result.samples_refused, result.reason);
  } else if (again(result)) {
    log_.limited(LogLevel::kWarning, settings_.name,
                 fmt::format("{}: {}; it is tried again in {}", settings_.name, result.reason,
                             format_duration(wait_for(result))));
    return retry_.start(loop_.now() + wait_for(result));
  } else {
    lose(queue_.front().samples, result.reason);
  }
  drop_first();
  if (done_ && unreachable_) lose_all(result.reason);
  send_next();
}

// A receiver that is gone may come back as long as the run goes on. One that is busy may mean it
// for good: some say 500 to what they will never take.
bool PushQueue::again(const PushResult& result) const {
  if (result.kind == Kind::kRefused) return false;
  if (done_) return result.kind == Kind::kBusy && tries_ < limits::kLastTries;
  return result.kind == Kind::kUnreachable || tries_ < limits::kTries;
}

Duration PushQueue::wait_for(const PushResult& result) const {
  const Duration doubled = settings_.first_wait * (int64_t{1} << std::min(tries_ - 1, 10U));
  const Duration wanted = result.wait > Duration{} ? result.wait : doubled;
  const Duration most =
      done_ ? std::min<Duration>(settings_.max_wait, limits::kLastWait) : settings_.max_wait;
  return std::min(wanted, most);
}

// Each would wait for the same in vain.
void PushQueue::lose_all(const std::string& reason) {
  while (!queue_.empty()) {
    lose(queue_.front().samples, reason);
    drop_first();
  }
}

void PushQueue::drop_first() {
  bytes_ -= queue_.front().body.size();
  queue_.pop_front();
  tries_ = 0;
}

void PushQueue::lose(uint64_t samples, const std::string& reason) {
  if (samples == 0) return log_.info(fmt::format("{}: {}", settings_.name, reason));
  lost_ += samples;
  reason_ = reason;
  log_.limited(LogLevel::kWarning, settings_.name,
               fmt::format("{}: {} samples are lost: {}", settings_.name, samples, reason));
}

void PushQueue::finish(std::function<void()> done) {
  done_ = std::move(done);
  if (sending_) return;
  // What waits for a receiver has its last try now.
  retry_.stop();
  send_next();
}

std::vector<std::string> PushQueue::losses() const {
  uint64_t samples = lost_;
  for (const Push& push : queue_)
    samples += push.samples;
  if (samples == 0) return {};
  const std::string reason = queue_.empty() ? reason_ : "there was no time left";
  return {
      fmt::format("{}: {} samples are missing there ({}). The figures of this summary are "
                  "complete.",
                  settings_.name, samples, reason)};
}

}  // namespace perigee::exports
