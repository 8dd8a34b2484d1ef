// The calls that `perigee grpc` makes, as its flags describe them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "cli/load.h"

namespace perigee {

// How the server is reached; what is empty is as in a script that says nothing about it.
struct GrpcAccess {
  bool plaintext = false;
  bool skips_verification = false;
  std::string authorities;  // PEM file of those trusted beside the system's
  std::string certificate;  // PEM file of what is shown to the server
  std::string key;          // its PEM file
  std::string server_name;  // that the certificate must be for
  std::string authority;
  std::optional<Duration> timeout;  // of connecting
};

struct GrpcLoad : Load {
  std::string address;                    // "host:port"
  std::string method;                     // "package.Service/Method"
  std::vector<std::string> import_paths;  // where .proto files are looked for
  std::vector<std::string> protos;
  std::string protoset;
  std::vector<std::string> messages;                          // as JSON, one object each
  std::vector<std::pair<std::string, std::string>> metadata;  // bytes under names in -bin
  std::string user_agent;                                     // in place of the program's
  std::optional<int64_t> shared_connections;                  // without: one for each caller
  bool compressed = false;                                    // by gzip
  bool single = false;    // one call, whose response is shown ...
  bool defaults = false;  // ... with fields that have their default
  GrpcAccess access;

  bool reflects() const { return protos.empty() && protoset.empty(); }
};

}  // namespace perigee
