#include "cli/standard_output.h"

#include <cerrno>
#include <cstdio>
#include <cstring>

#include <fmt/format.h>

namespace perigee {

int write_standard_output(std::string_view text) {
  return write_stream(stdout, text);
}

int write_stream(std::FILE* stream, std::string_view text) {
  errno = 0;
  const bool written =
      std::fwrite(text.data(), 1, text.size(), stream) == text.size() && std::fflush(stream) == 0;
  if (written) return 0;
  return errno == 0 ? EIO : errno;
}

ExitCode exit_code_of_write(int failed) {
  if (failed == 0) return ExitCode::kOk;
  if (failed == EPIPE) return ExitCode::kOutputClosed;
  fmt::print(stderr, "can't write to standard output: {}\n", std::strerror(failed));
  return ExitCode::kUnclassified;
}

}  // namespace perigee
