// The inferences that `perigee infer` makes, as its flags describe them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "cli/load.h"

namespace perigee {

using Sizes = std::vector<int64_t>;

// An input of a model that its server says nothing of.
struct InferInput {
  std::string name;
  std::string datatype;
  Sizes shape;
};

// What is empty or not given is as perigee.inference has it.
struct InferLoad : Load {
  std::string api;
  std::string address;
  std::optional<int64_t> grpc_port;
  std::optional<int64_t> rest_port;
  std::string model;
  std::string version;
  std::string certificates;  // a folder: server.pem, client.pem and client.key
  Sizes batch_sizes;
  Sizes shape;                                             // of all inputs ...
  std::vector<std::pair<std::string, Sizes>> shapes;       // ... or by name
  std::string data;                                        // of all inputs ...
  std::vector<std::pair<std::string, std::string>> datas;  // ... or by name
  std::vector<InferInput> inputs;
  std::vector<double> quantiles;
  // By the names of the settings of perigee.inference.
  std::vector<std::pair<std::string, double>> numbers;
  std::optional<bool> binary;
  std::vector<std::string> warnings;
  std::string id;
  std::string output;  // "all", "json", "short"; empty: the program's summary
  bool report_warmup = false;
  bool print_time = false;
  bool list = false;  // models and metadata, and no load
};

}  // namespace perigee
