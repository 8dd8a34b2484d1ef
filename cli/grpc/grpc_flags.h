// The flags of `perigee grpc`: those of ghz and grpcurl where they agree.
#pragma once

#include <array>
#include <string>
#include <vector>

#include "cli/flag_description.h"
#include "cli/flag_table.h"
#include "cli/grpc/grpc_load.h"
#include "cli/load_result.h"

namespace perigee {

// What is wanted of the server: a call, or what it has.
enum class GrpcTask { kCall, kList, kDescribe };

struct GrpcFlags {
  GrpcTask task = GrpcTask::kCall;
  std::string symbol;  // of which list and describe are to speak; empty: of all
  GrpcLoad load;
  ResultFlags result;
};

// Declares the flags on an app and reads them.
class GrpcFlagReader {
 public:
  // The app must outlive the reader.
  explicit GrpcFlagReader(CLI::App& app);

  // Parses the words of a command line, the first of which is the command's name. Throws
  // ConfigError naming the flag and what to write instead; prints the help and returns false if
  // that is what was asked for.
  bool parse(int argc, const char* const* argv);

  // What the flags say. The word behind address and method goes to `file`; without one it is one
  // too many, and services may be asked for. Throws ConfigError.
  GrpcFlags read(std::string* file = nullptr) const;

 private:
  std::vector<std::string> given_words() const;

  CLI::App& app_;
  std::array<CLI::Option*, 3> words_;  // address, method, file
  FlagTable table_;
};

// As completion needs them.
std::vector<FlagDescription> grpc_flags();

}  // namespace perigee
