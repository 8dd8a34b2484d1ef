// Shows how far a run is: a live block on a terminal, a line now and then elsewhere.
#pragma once

#include <cstdio>
#include <mutex>
#include <string>

#include "engine/base/log.h"
#include "engine/execution/run_status.h"

namespace perigee {

// Takes the log over while it lives, so that messages and the live block do not mix.
class Progress final : public RunObserver {
 public:
  Progress(std::FILE* out, bool terminal, Log& log);
  ~Progress() override;
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  Duration interval() const override;
  void on_status(const RunStatus& status) override;

 private:
  void erase();
  void draw();

  std::FILE* out_;
  const bool terminal_;
  Log& log_;
  std::mutex mutex_;  // the log writes from every thread
  std::string block_;
  size_t lines_ = 0;  // of the block on the screen
};

// One line: `running (0m12.3s), 10/10 VUs, 345 complete and 0 interrupted iterations`.
std::string progress_line(const RunStatus& status);

// A scenario's bar: `steady   [====>-----]  12/40 VUs, 200.00 iters/s  12.3s/30s`.
std::string progress_bar(const ScenarioStatus& scenario, size_t name_width);

}  // namespace perigee
