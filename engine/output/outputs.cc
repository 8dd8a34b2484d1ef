#include "engine/output/outputs.h"

#include <algorithm>
#include <array>
#include <set>
#include <string_view>

#include <fmt/format.h>

#include "engine/base/config_error.h"
#include "engine/base/suggest.h"
#include "engine/output/csv_output.h"
#include "engine/output/csv_spec.h"
#include "engine/output/json_output.h"

namespace perigee {
namespace {

constexpr std::array<std::string_view, 2> kTypes{"csv", "json"};

// k6 and its extensions have these.
constexpr std::array<std::string_view, 12> kOtherTypes{
    "cloud",         "influxdb",
    "opentelemetry", "experimental-opentelemetry",
    "prometheus-rw", "experimental-prometheus-rw",
    "web-dashboard", "dashboard",
    "kafka",         "statsd",
    "timescaledb",   "elasticsearch"};

constexpr std::string_view kWhatThereIs = "there are csv=FILE and json=FILE, with .gz compressed";

[[noreturn]] void refuse(std::string_view type, std::string_view where) {
  if (std::find(kOtherTypes.begin(), kOtherTypes.end(), type) != kOtherTypes.end()) {
    throw ConfigError(
        fmt::format("{}: the output {} is not in this version; {}", where, type, kWhatThereIs));
  }
  throw ConfigError(fmt::format("{}: there is no output \"{}\"{}; {}", where, type,
                                did_you_mean(type, kTypes, kOtherTypes), kWhatThereIs));
}

bool is_standard_output(std::string_view file) {
  return file.empty() || file == "-";
}

class Opener {
 public:
  Opener(const OutputContext& context, const Variables& variables)
      : context_(context), variables_(variables) {}

  std::unique_ptr<SampleOutput> open(std::string_view spec) {
    const std::string_view type = spec.substr(0, spec.find('='));
    const std::string_view rest = spec.substr(type.size());
    if (type == "csv") {
      const CsvSpec csv = parse_csv_spec(rest, variables_, context_.where);
      claim(csv.file, csv.file_set_by);
      return named(csv.file_set_by, [&] { return std::make_unique<CsvOutput>(csv, context_); });
    }
    if (type == "json") {
      const std::string file(rest.substr(rest.empty() ? 0 : 1));
      claim(file, context_.where);
      return named(context_.where, [&] { return std::make_unique<JsonOutput>(file, context_); });
    }
    refuse(type, context_.where);
  }

 private:
  // What can't be opened is reported under the name of what asks for it.
  std::unique_ptr<SampleOutput> named(const std::string& where, const auto& make) {
    try {
      return make();
    } catch (const ConfigError& error) {
      throw ConfigError(fmt::format("{}: {}", where, error.what()));
    }
  }

  void claim(const std::string& file, const std::string& where) {
    const bool is_stdout = is_standard_output(file);
    if (files_.insert(is_stdout ? "-" : file).second) return;
    throw ConfigError(fmt::format("{}: two outputs can't both write {}", where,
                                  is_stdout ? "to standard output" : file));
  }

  const OutputContext& context_;
  const Variables& variables_;
  std::set<std::string> files_;
};

}  // namespace

std::vector<std::unique_ptr<SampleOutput>> open_outputs(const std::vector<std::string>& specs,
                                                        const OutputContext& context,
                                                        const Variables& variables) {
  Opener opener(context, variables);
  std::vector<std::unique_ptr<SampleOutput>> outputs;
  outputs.reserve(specs.size());
  for (const std::string& spec : specs)
    outputs.push_back(opener.open(spec));
  return outputs;
}

bool take_standard_output(const std::vector<std::string>& specs, const Variables& variables) {
  return std::any_of(specs.begin(), specs.end(), [&](std::string_view spec) {
    const std::string_view type = spec.substr(0, spec.find('='));
    const std::string_view rest = spec.substr(type.size());
    if (type == "csv") return is_standard_output(parse_csv_spec(rest, variables).file);
    return type == "json" && is_standard_output(rest.substr(rest.empty() ? 0 : 1));
  });
}

}  // namespace perigee
