// The flags of `perigee http`: those of curl, hey and wrk where they agree.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "cli/flag_description.h"
#include "cli/http_load.h"
#include "cli/setting.h"
#include "engine/execution/option_layers.h"

namespace CLI {
class App;
class Option;
}  // namespace CLI

namespace perigee {

struct HttpFlags {
  HttpLoad load;
  std::vector<std::string> outputs;  // as --out names them
  uint32_t workers = 0;              // 0: as many as there are CPUs to use
  bool json = false;
  bool quiet = false;
  bool verbose = false;
  bool no_color = false;
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
  struct Declared {
    const Setting* setting;
    const CLI::Option* option;
  };

  OptionLayer written() const;

  CLI::App& app_;
  CLI::Option* url_;
  std::vector<Declared> declared_;
};

// As completion needs them.
std::vector<FlagDescription> http_flags();

}  // namespace perigee
