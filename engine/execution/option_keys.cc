#include "engine/execution/option_keys.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <iterator>
#include <string>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "engine/base/config_error.h"
#include "engine/base/suggest.h"

namespace perigee {
namespace {

using nlohmann::json;

constexpr std::array<std::string_view, 47> kKeys{"vus",
                                                 "duration",
                                                 "iterations",
                                                 "stages",
                                                 "scenarios",
                                                 "executionSegment",
                                                 "executionSegmentSequence",
                                                 "minIterationDuration",
                                                 "setupTimeout",
                                                 "teardownTimeout",
                                                 "handleSummaryTimeout",
                                                 "noSetup",
                                                 "noTeardown",
                                                 "linger",
                                                 "thresholds",
                                                 "thresholdNoSamples",
                                                 "failOnErrors",
                                                 "submetrics",
                                                 "tags",
                                                 "systemTags",
                                                 "summaryTrendStats",
                                                 "summaryTimeUnit",
                                                 "out",
                                                 "maxRedirects",
                                                 "batch",
                                                 "batchPerHost",
                                                 "rps",
                                                 "userAgent",
                                                 "throw",
                                                 "discardResponseBodies",
                                                 "noCookiesReset",
                                                 "traceparent",
                                                 "noConnectionReuse",
                                                 "noVUConnectionReuse",
                                                 "httpDebug",
                                                 "dns",
                                                 "hosts",
                                                 "blacklistIPs",
                                                 "blockHostnames",
                                                 "localIPs",
                                                 "insecureSkipTLSVerify",
                                                 "tlsVersion",
                                                 "tlsCipherSuites",
                                                 "tlsAuth",
                                                 "tlsCACerts",
                                                 "noUsageReport",
                                                 "metricSamplesBufferSize"};

struct RefusedKey {
  std::string_view key;
  std::string_view why;
};

constexpr std::string_view kNoCloud = "perigee knows no cloud service";

constexpr std::array<RefusedKey, 6> kRefused{
    {{"paused", "there is no REST API in this version that could let the run go on"},
     {"ext", kNoCloud},
     {"cloud", kNoCloud},
     {"webDashboard", "there is no web dashboard in this version"},
     {"noArchiveUpload", kNoCloud},
     {"collectors", "outputs are named by \"out\""}}};

bool same_ignoring_case(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](unsigned char x, unsigned char y) {
    return std::tolower(x) == std::tolower(y);
  });
}

// Whether k6 would do nothing for it either.
bool asks_for_nothing(const json& value) {
  return value.is_null() || value == false;
}

std::array<std::string_view, kRefused.size()> refused_keys() {
  std::array<std::string_view, kRefused.size()> keys;
  std::transform(kRefused.begin(), kRefused.end(), keys.begin(),
                 [](const RefusedKey& refused) { return refused.key; });
  return keys;
}

}  // namespace

std::span<const std::string_view> option_keys() {
  return kKeys;
}

bool resembles_option(std::string_view name) {
  constexpr size_t kLong = 8;  // shorter ones are near to too many words
  std::string plain;
  std::copy_if(name.begin(), name.end(), std::back_inserter(plain),
               [](char c) { return c != '_'; });
  const auto is_alike = [&](std::string_view key) { return same_ignoring_case(key, plain); };
  return std::any_of(kKeys.begin(), kKeys.end(), is_alike) ||
         (plain.size() >= kLong && !closest(plain, kKeys).empty());
}

void check_option_keys(const JsonReader& options) {
  for (const auto& [name, value] : options.object().items()) {
    const std::string& key = name;
    const auto* refused = std::find_if(kRefused.begin(), kRefused.end(),
                                       [&](const RefusedKey& entry) { return entry.key == key; });
    if (refused != kRefused.end() && !asks_for_nothing(value)) {
      throw ConfigError(fmt::format("{}: {}; remove it", options.path(key), refused->why));
    }
    if (refused != kRefused.end()) continue;
    if (std::find(kKeys.begin(), kKeys.end(), key) != kKeys.end()) continue;
    throw ConfigError(fmt::format("{}: there is no such option{}", options.path(key),
                                  did_you_mean(key, kKeys, refused_keys())));
  }
}

}  // namespace perigee
