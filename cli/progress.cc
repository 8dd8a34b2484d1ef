#include "cli/progress.h"

#include <algorithm>

#include <fmt/format.h>

#include "cli/screen_size.h"

namespace perigee {
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
  if (terminal_) log_.surround(nullptr);
}

Duration Progress::interval() const {
  return terminal_ ? std::chrono::milliseconds(100) : std::chrono::milliseconds(3000);
}

void Progress::on_status(const RunStatus& status) {
  const std::lock_guard lock(mutex_);
  if (terminal_) {
    erase();
    // Asked anew each time: people change the size of their windows.
    block_ = progress_block(status, screen_size(out_));
    draw();
  } else if (status.phase != RunPhase::kPreparing) {
    // The first status comes before anything has happened.
    write(progress_digest(status) + '\n');
    std::fflush(out_);
  }
}

void Progress::write(std::string_view text) {
  std::fwrite(text.data(), 1, text.size(), out_);
}

void Progress::erase() {
  if (lines_ > 0) write(fmt::format("\x1b[{}A\x1b[J", lines_));
  lines_ = 0;
}

void Progress::draw() {
  write(block_);
  std::fflush(out_);
  lines_ = static_cast<size_t>(std::count(block_.begin(), block_.end(), '\n'));
}

}  // namespace perigee
