// The services of a server, or of .proto files, and what `list` and `describe` print of them.
#pragma once

#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include "cli/grpc/grpc_load.h"
#include "engine/protobuf/schema.h"

namespace perigee {

// Why there is no result, as one line for people.
class GrpcFailure : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

struct KnownServices {
  std::shared_ptr<const protobuf::Schema> schema;
  std::vector<std::string> names;  // sorted
};

// Of the .proto files or the protoset that the load names; it must name some. Throws ConfigError
// for what can't be read.
KnownServices services_of_files(const GrpcLoad& load);

// A name a line: those of all services, or the full names of one's methods. Throws GrpcFailure.
std::string list_text(const KnownServices& services, const std::string& service);

// What a symbol is and how a .proto writes it; all services without one. Throws GrpcFailure.
std::string description_text(const KnownServices& services, const std::string& symbol);

}  // namespace perigee
