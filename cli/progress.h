// Shows how far a run is: a live block on a terminal, a line now and then elsewhere.
#pragma once

#include <cstdio>
#include <mutex>
#include <string>
#include <string_view>

#include "cli/progress_text.h"
#include "engine/base/log.h"
#include "engine/execution/run_status.h"

namespace perigee {

// Stands around the log while it lives, so that messages and the live block do not mix. What can't
// be written is left out: a run goes on without anybody who looks at it.
class Progress final : public RunObserver {
 public:
  Progress(std::FILE* out, bool terminal, Log& log);
  ~Progress() override;
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  Duration interval() const override;
  void on_status(const RunStatus& status) override;

 private:
  void write(std::string_view text);
  void erase();
  void draw();

  std::FILE* out_;
  const bool terminal_;
  Log& log_;
  std::mutex mutex_;  // the log writes from every thread
  std::string block_;
  size_t lines_ = 0;  // of the block on the screen
};

}  // namespace perigee
