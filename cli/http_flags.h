// The flags of `perigee http`: those of curl, hey and wrk where they agree.
#pragma once

#include <vector>

#include "cli/flag_description.h"
#include "cli/flag_table.h"
#include "cli/http_load.h"
#include "cli/load_result.h"

namespace CLI {
class App;
class Option;
}  // namespace CLI

namespace perigee {

struct HttpFlags {
  HttpLoad load;
  ResultFlags result;
};

// Declares the flags on an app and reads them.
class HttpFlagReader {
 public:
  // The app must outlive the reader.
  explicit HttpFlagReader(CLI::App& app);

  // Parses the words of a command line, the first of which is the command's name. Other flags must
  // have been declared before. Throws ConfigError naming the flag and what to write instead; prints
  // the help and returns false if that is what was asked for.
  bool parse(int argc, const char* const* argv);

  // What the flags say. Throws ConfigError.
  HttpFlags read() const;

 private:
  CLI::App& app_;
  CLI::Option* url_;
  FlagTable table_;
};

// As completion needs them.
std::vector<FlagDescription> http_flags();

}  // namespace perigee
