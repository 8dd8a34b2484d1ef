#include "cli/crash_report.h"

#include <csignal>
#include <string_view>

#include <unistd.h>

namespace perigee {
namespace {

// AddressSanitizer reports crashes itself, and better.
#ifdef __SANITIZE_ADDRESS__
constexpr bool kReportedAnyway = true;
#else
constexpr bool kReportedAnyway = false;
#endif

// Only what is allowed in a handler of signals.
void on_crash(int signal) {
  constexpr std::string_view kMessage =
      "perigee has crashed, which is a bug of its own; outputs are incomplete\n";
  [[maybe_unused]] const ssize_t written = ::write(STDERR_FILENO, kMessage.data(), kMessage.size());
  std::signal(signal, SIG_DFL);
  std::raise(signal);
}

}  // namespace

void report_crashes() {
  if (kReportedAnyway) return;
  for (const int signal : {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT})
    std::signal(signal, on_crash);
}

}  // namespace perigee
