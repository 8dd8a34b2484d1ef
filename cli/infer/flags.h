// The flags of `perigee infer`: those of the OpenVINO benchmark client, and perigee's own.
#pragma once

#include <vector>

#include "cli/flag_description.h"
#include "cli/flag_table.h"
#include "cli/infer/load.h"
#include "cli/load_result.h"

namespace perigee {

struct InferFlags {
  InferLoad load;
  ResultFlags result;
};

// Declares the flags on an app and reads them.
class InferFlagReader {
 public:
  // The app must outlive the reader.
  explicit InferFlagReader(CLI::App& app);

  // Parses the words of a command line, the first of which is the command's name. Throws
  // ConfigError naming the flag and what to write instead; prints the help and returns false if
  // that is what was asked for.
  bool parse(int argc, const char* const* argv);

  // What the flags say. Throws ConfigError.
  InferFlags read() const;

 private:
  CLI::App& app_;
  FlagTable table_;
};

// As completion needs them.
std::vector<FlagDescription> infer_flags();

}  // namespace perigee
