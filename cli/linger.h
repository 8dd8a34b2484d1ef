// Stays after the end of a run until somebody ends the program.
#pragma once

namespace perigee {

class Log;

// Returns at the next SIGINT or SIGTERM.
void linger(Log& log);

}  // namespace perigee
