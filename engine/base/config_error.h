// The errors of everything that is wrong before a run starts.
#pragma once

#include <stdexcept>
#include <string>

namespace perigee {

// Flags, options, files: says what is wrong, where, and what to write instead, in one sentence.
// Ends the program with exit code 104.
class ConfigError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

// The script itself: it does not compile, or its init code raised an error; with file and line.
// Ends the program with exit code 107.
class ScriptError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

}  // namespace perigee
