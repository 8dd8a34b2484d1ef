// `perigee serve`: runs the built-in target until it is told to stop.
#pragma once

namespace perigee {

// `argv[0]` is the word "serve". Prints one line to stdout once it listens; returns the exit code.
int serve_main(int argc, const char* const* argv);

}  // namespace perigee
