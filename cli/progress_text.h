// What the progress display says, cut to a width.
#pragma once

#include <cstddef>
#include <string>

#include "cli/screen_size.h"
#include "engine/execution/run_status.h"

namespace perigee {

// `running (0m12.3s), 10/12 VUs, 345 complete and 2 interrupted iterations`; shorter where that
// does not fit.
std::string progress_line(const RunStatus& status, size_t columns);

// A scenario's bar: `steady   [====>-----]  40%  12/40 VUs, 200.00 iters/s  0m12.3s/0m30.0s`.
// Names are padded to `name_width`. On a narrow screen the bar goes first, then the end of the
// name, then what is too much on the right.
std::string progress_bar(const ScenarioStatus& scenario, size_t name_width, size_t columns);

// The line and the bars, no more lines than the screen has; scenarios at work go before those that
// wait or are done.
std::string progress_block(const RunStatus& status, const ScreenSize& screen);

// All in one line, for a log: `running (0m12.3s), ... iterations; steady 40%, ramp 12%`.
std::string progress_digest(const RunStatus& status);

}  // namespace perigee
