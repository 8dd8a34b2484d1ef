#include "cli/progress.h"

#include <algorithm>

#include <fmt/format.h>

namespace perigee {
namespace {

constexpr size_t kBarWidth = 30;

// 12.3s, 1m02.3s, 1h01m02s: of a steady width while it counts up.
std::string clock_text(Duration elapsed) {
  const int64_t tenths = elapsed / std::chrono::milliseconds(100);
  const int64_t seconds = tenths / 10;
  const int64_t minutes = seconds / 60;
  if (minutes >= 60) {
    return fmt::format("{}h{:02}m{:02}s", minutes / 60, minutes % 60, seconds % 60);
  }
  return fmt::format("{}m{:02}.{}s", minutes, seconds % 60, tenths % 10);
}

const char* phase_name(RunPhase phase) {
  switch (phase) {
    case RunPhase::kPreparing:
      return "preparing";
    case RunPhase::kSetup:
      return "setup";
    case RunPhase::kLoad:
      return "running";
    case RunPhase::kTeardown:
      return "teardown";
    case RunPhase::kFinished:
      return "done";
  }
  return "";
}

}  // namespace

std::string progress_line(const RunStatus& status) {
  return fmt::format("{} ({}), {}/{} VUs, {} complete and {} interrupted iterations",
                     phase_name(status.phase), clock_text(status.elapsed), status.vus_active,
                     status.vus_initialized, status.completed, status.interrupted);
}

std::string progress_bar(const ScenarioStatus& scenario, size_t name_width) {
  const double fraction = std::clamp(scenario.fraction, 0.0, 1.0);
  const auto filled = static_cast<size_t>(fraction * kBarWidth);
  std::string bar(kBarWidth, '-');
  std::fill_n(bar.begin(), filled, '=');
  if (filled < kBarWidth && scenario.started && !scenario.done) bar[filled] = '>';
  const char* mark = scenario.done ? "✓" : scenario.started ? " " : "•";
  return fmt::format("{:<{}} {} [{}] {:3.0f}%  {}  {}/{}", scenario.name, name_width, mark, bar,
                     fraction * 100, scenario.detail, clock_text(scenario.elapsed),
                     clock_text(scenario.duration));
}

Progress::Progress(std::FILE* out, bool terminal, Log& log)
    : out_(out), terminal_(terminal), log_(log) {
  if (!terminal_) return;
  log_.surround([this](const std::function<void()>& write) {
    const std::lock_guard lock(mutex_);
    erase();
    std::fflush(out_);
    write();
    draw();
  });
}

Progress::~Progress() {
  if (!terminal_) return;
  log_.surround(nullptr);
}

Duration Progress::interval() const {
  return terminal_ ? std::chrono::milliseconds(100) : std::chrono::milliseconds(3000);
}

void Progress::on_status(const RunStatus& status) {
  if (!terminal_) {
    // The first status comes before anything has happened.
    if (status.phase == RunPhase::kPreparing) return;
    fmt::print(out_, "{}\n", progress_line(status));
    std::fflush(out_);
    return;
  }
  size_t width = 0;
  for (const ScenarioStatus& scenario : status.scenarios) {
    width = std::max(width, scenario.name.size());
  }
  const std::lock_guard lock(mutex_);
  erase();
  block_ = progress_line(status) + '\n';
  for (const ScenarioStatus& scenario : status.scenarios) {
    block_ += progress_bar(scenario, width) + '\n';
  }
  draw();
}

void Progress::erase() {
  if (lines_ > 0) fmt::print(out_, "\x1b[{}A\x1b[J", lines_);
  lines_ = 0;
}

void Progress::draw() {
  std::fwrite(block_.data(), 1, block_.size(), out_);
  std::fflush(out_);
  lines_ = static_cast<size_t>(std::count(block_.begin(), block_.end(), '\n'));
}

}  // namespace perigee
