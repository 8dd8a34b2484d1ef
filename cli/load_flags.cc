#include "cli/load_flags.h"

#include <chrono>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "engine/base/config_error.h"
#include "engine/base/duration.h"
#include "engine/execution/name_reader.h"

namespace perigee {
namespace {

constexpr double kMostPerSecond = 1e6;

constexpr Names<NoSamples, 2> kNoSamples{{{"pass", NoSamples::kPass}, {"fail", NoSamples::kFail}}};

std::optional<double> read_rate(const JsonReader& reader, std::string_view requests) {
  std::string text;
  reader.read("rate", text);
  if (text.empty()) return std::nullopt;
  size_t end = 0;
  double rate = 0;
  try {
    rate = std::stod(text, &end);
  } catch (const std::exception&) {
    end = 0;
  }
  if (end != text.size() || !(rate > 0 && rate <= kMostPerSecond)) {
    reader.fail(
        "rate",
        fmt::format("must be a number of {} per second above 0 and up to {:.0f}, got \"{}\"",
                    requests, kMostPerSecond, text));
  }
  return rate;
}

// "p(95)<200" is about the latency; "http_reqs:count>1000" names its metric.
std::pair<std::string, std::string> read_threshold(const std::string& text,
                                                   std::string_view protocol) {
  const size_t colon = text.rfind(':');
  if (colon != std::string::npos) {
    parse_threshold(text.substr(colon + 1));
    return {text.substr(0, colon), text.substr(colon + 1)};
  }
  const Aggregate::Kind kind = parse_threshold(text).aggregate.kind;
  if (kind == Aggregate::Kind::kRate || kind == Aggregate::Kind::kValue) {
    throw ConfigError(
        fmt::format("--threshold: say of which metric, e.g. {1}_req_failed:{0} or {1}_reqs:{0}",
                    text, protocol));
  }
  return {fmt::format("{}_req_duration", protocol), text};
}

}  // namespace

std::optional<Duration> read_seconds(const JsonReader& reader, const char* key) {
  std::string text;
  reader.read(key, text);
  if (text.empty()) return std::nullopt;
  const bool is_bare = text.find_first_not_of("0123456789.") == std::string::npos;
  const auto duration = parse_duration(is_bare ? text + "s" : text);
  if (!duration || *duration <= Duration::zero()) {
    reader.fail(key, fmt::format("must be a time above 0 like 30s or 1m30s, got \"{}\"", text));
  }
  return duration;
}

void read_amount(const JsonReader& reader, std::string_view requests, Load& load) {
  load.connections_given = reader.has("connections");
  reader.read("connections", load.connections, 1);
  if (reader.has("requests")) reader.read("requests", load.requests.emplace(), 1);
  load.duration = read_seconds(reader, "duration");
  if (load.duration && *load.duration < std::chrono::seconds(1)) {
    reader.fail("duration", fmt::format("must be at least 1s, got \"{}\"",
                                        reader.at("duration").get<std::string>()));
  }
  load.rate = read_rate(reader, requests);
  if (!load.duration && !load.requests) load.duration = std::chrono::seconds(10);
  load.timeout = read_seconds(reader, "timeout");
}

void read_thresholds(const JsonReader& reader, std::string_view protocol, Load& load) {
  std::vector<std::string> texts;
  reader.read("thresholds", texts);
  for (const std::string& text : texts)
    load.thresholds.push_back(read_threshold(text, protocol));
  read_name(reader, "thresholdNoSamples", kNoSamples, load.threshold_no_samples);
  bool fail = false;
  reader.read("fail", fail);
  if (fail) load.thresholds.emplace_back(fmt::format("{}_req_failed", protocol), "rate==0");
}

}  // namespace perigee
