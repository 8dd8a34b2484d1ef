// What people who come from curl, hey and wrk type out of habit.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "cli/setting.h"

namespace perigee {

// The words of a command line with hey's long flags, such as -host, in the usual spelling with two
// dashes, and without curl's -o /dev/null.
std::vector<std::string> usual_words(int argc, const char* const* argv);

// Flags of these programs that `perigee http` does not have, and what there is instead.
std::span<const RefusedSetting> refused_habits();

// Throws ConfigError if a flag's value shows that it was meant as that of another program:
// `-d 30s` is wrk's duration, `-m 5` curl's time-out.
void check_meaning(std::string_view flag, const std::string& value);

}  // namespace perigee
