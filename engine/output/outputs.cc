#include "engine/output/outputs.h"

#include <algorithm>
#include <array>
#include <iterator>
#include <optional>
#include <set>
#include <string>
#include <string_view>

#include <fmt/format.h>

#include "engine/base/config_error.h"
#include "engine/base/suggest.h"
#include "engine/output/csv_output.h"
#include "engine/output/csv_spec.h"
#include "engine/output/json_output.h"

namespace perigee {
namespace {

constexpr std::string_view kResults = "results";
// Those of engine/export.
constexpr std::array<std::string_view, 6> kExports{
    "prometheus", "prometheus-rw", "experimental-prometheus-rw",
    "influxdb",   "opentelemetry", "experimental-opentelemetry"};
constexpr std::array<std::string_view, 9> kTypes{"csv",       "json",      kResults,
                                                 kExports[0], kExports[1], kExports[2],
                                                 kExports[3], kExports[4], kExports[5]};

// k6 and its extensions have these.
constexpr std::array<std::string_view, 7> kOtherTypes{
    "cloud", "web-dashboard", "dashboard", "kafka", "statsd", "timescaledb", "elasticsearch"};

constexpr std::string_view kWhatThereIs =
    "there are csv=FILE and json=FILE, with .gz compressed, results=FILE, prometheus=ADDRESS, "
    "prometheus-rw=URL, influxdb=URL and opentelemetry=URL";

std::string_view type_of(std::string_view spec) {
  return spec.substr(0, spec.find('='));
}

bool is_export(std::string_view type) {
  return std::find(kExports.begin(), kExports.end(), type) != kExports.end();
}

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

// Nothing for what is sent to others.
std::optional<std::string> file_of(std::string_view spec, const Variables& variables) {
  const std::string_view type = type_of(spec);
  const std::string_view rest = spec.substr(type.size());
  if (type == "csv") return parse_csv_spec(rest, variables).file;
  if (type != "json" && type != kResults) return std::nullopt;
  return std::string(rest.substr(rest.empty() ? 0 : 1));
}

class Opener {
 public:
  Opener(const OutputContext& context, const Variables& variables)
      : context_(context), variables_(variables) {}

  // Null for what is no raw output.
  std::unique_ptr<SampleOutput> open(std::string_view spec) {
    const std::string_view type = type_of(spec);
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
    if (type == kResults) return claim_results(rest), nullptr;
    if (is_export(type)) return nullptr;
    refuse(type, context_.where);
  }

 private:
  void claim_results(std::string_view rest) {
    const std::string file(rest.substr(rest.empty() ? 0 : 1));
    if (is_standard_output(file)) {
      throw ConfigError(
          fmt::format("{}: results needs a file: results=run.perigee", context_.where));
    }
    if (has_results_) {
      throw ConfigError(fmt::format("{}: a run has one result file, not two", context_.where));
    }
    has_results_ = true;
    claim(file, context_.where);
  }

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
  bool has_results_ = false;
};

}  // namespace

std::span<const std::string_view> output_types() {
  return kTypes;
}

std::vector<std::unique_ptr<SampleOutput>> open_outputs(const std::vector<std::string>& specs,
                                                        const OutputContext& context,
                                                        const Variables& variables) {
  Opener opener(context, variables);
  std::vector<std::unique_ptr<SampleOutput>> outputs;
  outputs.reserve(specs.size());
  for (const std::string& spec : specs) {
    auto output = opener.open(spec);
    if (output != nullptr) outputs.push_back(std::move(output));
  }
  return outputs;
}

std::string result_file_of(const std::vector<std::string>& specs) {
  for (const std::string_view spec : specs) {
    const std::string_view type = spec.substr(0, spec.find('='));
    if (type == kResults && type != spec) return std::string(spec.substr(type.size() + 1));
  }
  return {};
}

std::vector<std::string> export_specs(const std::vector<std::string>& specs) {
  std::vector<std::string> wanted;
  std::copy_if(specs.begin(), specs.end(), std::back_inserter(wanted),
               [](std::string_view spec) { return is_export(type_of(spec)); });
  return wanted;
}

std::vector<std::string> output_files(const std::vector<std::string>& specs,
                                      const Variables& variables) {
  std::vector<std::string> files;
  for (const std::string_view spec : specs) {
    const auto file = file_of(spec, variables);
    if (file && !is_standard_output(*file)) files.push_back(*file);
  }
  return files;
}

bool take_standard_output(const std::vector<std::string>& specs, const Variables& variables) {
  return std::any_of(specs.begin(), specs.end(), [&](std::string_view spec) {
    const auto file = file_of(spec, variables);
    return file && type_of(spec) != kResults && is_standard_output(*file);
  });
}

}  // namespace perigee
