// Writes to stdout what a run has to say, and notices when nobody listens any more.
#pragma once

#include <cstdio>
#include <string_view>

#include "cli/exit_code.h"

namespace perigee {

// Writes and flushes. The result is 0, or the errno that says why it could not be written: EPIPE
// when the reader has gone, ENOSPC on a full disk. Never throws.
int write_standard_output(std::string_view text);

// The same for another stream.
int write_stream(std::FILE* stream, std::string_view text);

// What a command ends with that has written all it had to say, with this result: unless the reader
// has gone, the reason is told on standard error.
ExitCode exit_code_of_write(int failed);

}  // namespace perigee
