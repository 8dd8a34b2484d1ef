#include "cli/infer/words.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <string_view>

#include <fmt/format.h>

#include "engine/base/config_error.h"

namespace perigee {
namespace {

constexpr std::array<std::string_view, 7> kSeveral{
    "-b", "--bs", "-s", "--shape", "-d", "--data", "--quantile_list"};

constexpr std::string_view kDatabase =
    "results go to files or to time series: --out json=FILE, --report FILE, or -j for machine "
    "lines";
constexpr std::string_view kImages =
    "this version makes no images: data is random, string or FILE.npy";

constexpr std::array<RefusedSetting, 5> kRefused{
    {{"-Y,--db_endpoint", "", "", kDatabase},
     {"-y,--db_metadata", "", "", kDatabase},
     {"--xrand", "", "", kImages},
     {"--dump_png", "", "", kImages},
     {"--proxy", "", "", "name the proxy by -a, -p and -r"}}};

bool takes_several(std::string_view word) {
  return std::find(kSeveral.begin(), kSeveral.end(), word) != kSeveral.end();
}

// The client's names have underscores, this program's own have dashes.
std::string usual_name(std::string word) {
  if (word == "-ps") return "--print_summary";
  constexpr std::array<std::string_view, 29> kUnderscored{
      "--server_address",   "--grpc_port",        "--rest_port",        "--list_models",
      "--model_name",       "--model_version",    "--dataset_length",   "--steps_number",
      "--error_limit",      "--error_exposition", "--max_throughput",   "--max_value",
      "--min_value",        "--step_timeout",     "--metadata_timeout", "--print_all",
      "--print_summary",    "--report_warmup",    "--certs_dir",        "--quantile_list",
      "--hist_factor",      "--hist_base",        "--unbuffered",       "--print_time",
      "--internal_version", "--stateful_length",  "--stateful_id",      "--stateful_hop",
      "--sync_interval"};
  std::string name = word.substr(0, word.find('='));
  if (!name.starts_with("--")) return word;
  const size_t size = name.size();
  std::replace(name.begin() + 2, name.end(), '-', '_');
  const bool known =
      std::find(kUnderscored.begin(), kUnderscored.end(), name) != kUnderscored.end();
  return known ? name + word.substr(size) : word;
}

int64_t parse_size(std::string_view text, std::string_view flag, std::string_view example) {
  int64_t size = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), size);
  if (error == std::errc() && end == text.data() + text.size() && size > 0) return size;
  throw ConfigError(
      fmt::format("{}: must be whole numbers above 0, like {}, got \"{}\"", flag, example, text));
}

std::vector<std::string> split(std::string_view text, std::string_view at) {
  std::vector<std::string> parts;
  while (!text.empty()) {
    const size_t end = text.find_first_of(at);
    if (end != 0) parts.emplace_back(text.substr(0, end));
    text = end == std::string_view::npos ? "" : text.substr(end + 1);
  }
  return parts;
}

}  // namespace

std::vector<std::string> usual_infer_words(int argc, const char* const* argv) {
  std::vector<std::string> words;
  std::string several;  // the flag whose values these are
  for (int i = 0; i < argc; ++i) {
    std::string word = usual_name(argv[i]);
    const bool is_flag = word.starts_with("-") && word.size() > 1;
    if (is_flag) several = takes_several(word) ? word : "";
    const bool is_first = !words.empty() && words.back() == several;
    if (!is_flag && !several.empty() && !is_first) words.push_back(several);
    words.push_back(std::move(word));
  }
  return words;
}

std::span<const RefusedSetting> refused_infer_habits() {
  return kRefused;
}

Sizes parse_batch_sizes(const std::vector<std::string>& words) {
  Sizes sizes;
  for (const std::string& word : words) {
    for (const std::string& part : split(word, "-, "))
      sizes.push_back(parse_size(part, "--bs", "1 4 or 1-4-2"));
  }
  return sizes;
}

void parse_shapes(const std::vector<std::string>& words, InferLoad& load) {
  Sizes* sizes = &load.shape;
  for (const std::string& word : words) {
    for (const std::string& part : split(word, ", ")) {
      const size_t colon = part.rfind(':');
      if (colon != std::string::npos)
        sizes = &load.shapes.emplace_back(part.substr(0, colon), Sizes()).second;
      const std::string number = colon == std::string::npos ? part : part.substr(colon + 1);
      if (!number.empty()) sizes->push_back(parse_size(number, "--shape", "1 3 224 224"));
    }
  }
  for (const auto& [name, shape] : load.shapes) {
    if (shape.empty()) throw ConfigError(fmt::format("--shape: {}: has no sizes", name));
  }
}

void parse_data(const std::vector<std::string>& words, InferLoad& load) {
  for (const std::string& word : words) {
    const size_t colon = word.rfind(':');
    if (colon == std::string::npos) {
      load.data = word;
    } else {
      load.datas.emplace_back(word.substr(0, colon), word.substr(colon + 1));
    }
  }
  if (load.data.empty() || load.datas.empty()) return;
  throw ConfigError("--data: say one method for all inputs, or INPUT:METHOD for each");
}

InferInput parse_input(const std::string& word) {
  const size_t last = word.rfind(':');
  const size_t first = last == std::string::npos ? last : word.rfind(':', last - 1);
  if (first == std::string::npos || first == 0) {
    throw ConfigError(fmt::format("--input: must be like NAME:FP32:1,4, got \"{}\"", word));
  }
  InferInput input{word.substr(0, first), word.substr(first + 1, last - first - 1), {}};
  for (const std::string& part : split(word.substr(last + 1), ", x"))
    input.shape.push_back(parse_size(part, "--input", "NAME:FP32:1,4"));
  return input;
}

}  // namespace perigee
