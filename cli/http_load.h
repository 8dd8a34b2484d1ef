// The load that `perigee http` makes, as its flags describe it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "engine/base/clock.h"

namespace perigee {

struct RequestBody {
  enum class Kind {
    kNone,
    kText,
    kFile,     // the file as it is
    kOneLine,  // the file without its line ends, as curl's -d @FILE
  };

  Kind kind = Kind::kNone;
  std::string text;  // or the file's path
};

struct HttpLoad {
  std::string url;  // absolute, with user and password if there are any
  std::string method = "GET";
  std::vector<std::pair<std::string, std::string>> headers;
  RequestBody body;

  int64_t connections = 10;
  bool connections_given = false;
  std::optional<int64_t> requests;
  std::optional<double> rate;  // requests per second over all connections
  std::optional<Duration> duration;
  std::optional<Duration> timeout;  // of a request

  bool follows_redirects = false;
  int64_t most_redirects = 10;
  bool digest = false;      // of the URL's user and password, instead of basic
  bool insecure = false;    // certificates are not checked
  bool keeps_alive = true;  // connections
  // Metrics and expressions in the order in which they were given.
  std::vector<std::pair<std::string, std::string>> thresholds;
};

// "64 connections, 10s" or "100 requests per second, 10s".
std::string describe(const HttpLoad& load);

}  // namespace perigee
