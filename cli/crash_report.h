// Says so when the program crashes, before the kernel ends it.
#pragma once

namespace perigee {

// From now on a crash (SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT) writes a line to stderr; the exit
// status and the core dump stay what they would have been.
void report_crashes();

}  // namespace perigee
