// Command lines of the OpenVINO benchmark client, and the values of its flags.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "cli/infer/load.h"
#include "cli/setting.h"

namespace perigee {

// With one value behind each flag that takes several, and names as this program declares them.
std::vector<std::string> usual_infer_words(int argc, const char* const* argv);

// Flags of that client that mean nothing here, and why.
std::span<const RefusedSetting> refused_infer_habits();

// "1", "2" and "1-2-4": the sizes of batches. Throws ConfigError.
Sizes parse_batch_sizes(const std::vector<std::string>& words);

// "1 3 224 224" for all inputs, "name: 1 3 other: 1 4" for some. Throws ConfigError.
void parse_shapes(const std::vector<std::string>& words, InferLoad& load);

// "random" for all inputs, "name:random" for one.
void parse_data(const std::vector<std::string>& words, InferLoad& load);

// "name:FP32:1,4". Throws ConfigError.
InferInput parse_input(const std::string& word);

}  // namespace perigee
