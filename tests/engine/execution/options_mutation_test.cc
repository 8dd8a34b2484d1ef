// Whatever is done to a file of options, it is refused, or it means what it says.
#include <algorithm>
#include <random>
#include <set>
#include <string>
#include <vector>

#include <doctest/doctest.h>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "engine/base/config_error.h"
#include "engine/base/duration.h"
#include "engine/execution/options_json.h"

namespace perigee {
namespace {

using nlohmann::json;

constexpr int kMutations = 1000;

constexpr const char* kValid = R"json({
  "scenarios": {
    "steady": {"executor": "constant-arrival-rate", "rate": 20, "duration": "30s",
               "preAllocatedVUs": 5, "maxVUs": 10, "exec": "infer", "tags": {"kind": "a"}},
    "looping": {"executor": "constant-vus", "vus": 3, "duration": "1m", "startTime": "5s",
                "gracefulStop": "10s", "env": {"NAME": "value"}},
    "ramp": {"executor": "ramping-vus", "startVUs": 1, "gracefulRampDown": "5s",
             "stages": [{"duration": "10s", "target": 20}, {"duration": "5s", "target": 0}]},
    "shared": {"executor": "shared-iterations", "vus": 2, "iterations": 10, "maxDuration": "1m"}
  },
  "thresholds": {"http_req_duration{scenario:steady}": ["p(95)<200", "avg<100"],
                 "checks": [{"threshold": "rate>0.9", "abortOnFail": true,
                             "delayAbortEval": "10s"}]},
  "tags": {"team": "ml", "build": "42"},
  "setupTimeout": "90s", "teardownTimeout": "1m30s", "handleSummaryTimeout": "10s",
  "minIterationDuration": "100ms", "noSetup": true, "noTeardown": false,
  "maxRedirects": 5, "batch": 10, "batchPerHost": 3, "rps": 100, "userAgent": "probe/1",
  "throw": true, "discardResponseBodies": true, "noConnectionReuse": false,
  "dns": {"ttl": "1m", "select": "first", "policy": "onlyIPv4"},
  "hosts": {"test.example": "127.0.0.1:8080", "*.dev": "127.0.0.2"},
  "blacklistIPs": ["10.0.0.1-10.0.0.9"], "blockHostnames": ["*.example.com"],
  "localIPs": ["127.0.0.2-127.0.0.9"],
  "systemTags": ["method", "status"], "summaryTrendStats": ["avg", "p(99)"],
  "summaryTimeUnit": "ms", "thresholdNoSamples": "fail", "failOnErrors": true,
  "out": ["csv=samples.csv"]
})json";

// All values of a document, the document itself left out.
void collect(json& value, std::vector<json*>& all) {
  if (!value.is_structured()) return;
  for (json& item : value) {
    all.push_back(&item);
    collect(item, all);
  }
}

class Mutator {
 public:
  explicit Mutator(uint64_t seed) : random_(seed) {}

  void mutate(json& document) {
    std::vector<json*> all;
    collect(document, all);
    json& value = *all[below(all.size())];
    switch (below(5)) {
      case 0:
        value = other_value();
        break;
      case 1:
        if (value.is_object() && !value.empty()) rename_key(value);
        break;
      case 2:
        if (value.is_structured() && !value.empty()) value.erase(value.begin());
        break;
      case 3:
        if (value.is_array() && !value.empty()) value.push_back(value.front());
        if (value.is_string()) value = garbled(value.get<std::string>());
        break;
      default:
        if (value.is_number()) value = value.get<double>() * numbers_[below(numbers_.size())];
        if (value.is_boolean()) value = !value.get<bool>();
        if (value.is_string()) value = garbled(value.get<std::string>());
    }
  }

 private:
  size_t below(size_t limit) {
    return std::uniform_int_distribution<size_t>(0, limit - 1)(random_);
  }

  json other_value() {
    const std::vector<json> values{
        nullptr,       true, 0,     -1,    2.5,           1e300,          "",
        "x",           "5s", "-5s", "inf", json::array(), json::object(), json{1, 2},
        json{{"a", 1}}};
    return values[below(values.size())];
  }

  void rename_key(json& object) {
    auto at = object.begin();
    std::advance(at, static_cast<std::ptrdiff_t>(below(object.size())));
    json value = *at;
    const std::string name = garbled(at.key());
    object.erase(at);
    object[name] = std::move(value);
  }

  std::string garbled(std::string text) {
    constexpr std::string_view kLetters = "aZ0-._:{}(<%/* ";
    const char letter = kLetters[below(kLetters.size())];
    const size_t at = below(text.size() + 1);
    if (at == text.size() || below(2) == 0) return text.insert(at, 1, letter);
    if (below(2) == 0) return text.erase(at, 1);
    text[at] = letter;
    return text;
  }

  std::mt19937_64 random_;
  std::vector<double> numbers_{-1, 0, 0.5, 2, 1e9, 1e18};
};

std::string scalar_text(const json& value) {
  std::string text = value.is_string() ? value.get<std::string>() : value.dump();
  std::transform(text.begin(), text.end(), text.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return text;
}

std::set<std::string> texts(const json& list) {
  std::set<std::string> result;
  for (const json& item : list)
    result.insert(scalar_text(item));
  return result;
}

bool same_scalar(const json& given, const json& printed) {
  if (given.is_number() && printed.is_number() && given.get<double>() == printed.get<double>()) {
    return true;
  }
  if (scalar_text(given) == scalar_text(printed)) return true;
  const auto given_duration = parse_duration(scalar_text(given));
  const auto printed_duration = parse_duration(scalar_text(printed));
  if (given_duration && given_duration == printed_duration) return true;
  const auto range = AddressRange::parse(scalar_text(given));
  if (range && range == AddressRange::parse(scalar_text(printed))) return true;
  const auto hosts = AddressRange::parse_hosts(scalar_text(given));
  return hosts && hosts == AddressRange::parse(scalar_text(printed));
}

// Whether all that was given is in what was printed.
bool says(const json& given, const json& printed) {
  if (given.is_null()) return true;
  if (given.is_structured() && given.empty()) return printed.empty();
  if (given.is_object() && printed.is_string()) {
    return says(given.value("threshold", json()), printed) && !given.value("abortOnFail", false);
  }
  if (given.is_object() && printed.is_object()) {
    return std::all_of(given.items().begin(), given.items().end(), [&](const auto& entry) {
      const std::string key =
          printed.contains(entry.key()) ? entry.key() : scalar_text(entry.key());
      return entry.value().is_null() || entry.value() == "" ||
             (printed.contains(key) && says(entry.value(), printed[key]));
    });
  }
  if (!given.is_array() && printed.is_array()) {
    return printed.size() == 1 && says(given, printed[0]);
  }
  if (given.is_array() && printed.is_array()) {
    if (given.size() == printed.size() &&
        std::equal(given.begin(), given.end(), printed.begin(), says)) {
      return true;
    }
    return texts(given) == texts(printed);
  }
  return !given.is_structured() && !printed.is_structured() && same_scalar(given, printed);
}

TEST_CASE("valid options are printed as they are read") {
  const json valid = json::parse(kValid);
  const json printed = to_json(parse_options(valid));
  CHECK(says(valid, printed));
  CHECK(to_json(parse_options(printed)) == printed);
}

TEST_CASE("defaults are printed and read back") {
  const json printed = to_json(parse_options(json::object()));
  CHECK(printed["scenarios"]["default"]["executor"] == "per-vu-iterations");
  CHECK(printed["batch"] == 20);
  CHECK(printed["dns"] == json{{"ttl", "5m"}, {"select", "random"}, {"policy", "preferIPv4"}});
  CHECK(to_json(parse_options(printed)) == printed);
}

TEST_CASE("a thousand mutations of valid options are refused or mean what they say") {
  Mutator mutator(20'240'815);
  int refused = 0;
  for (int i = 0; i < kMutations; ++i) {
    json mutated = json::parse(kValid);
    mutator.mutate(mutated);
    try {
      const Options options = parse_options(mutated);
      const json printed = to_json(options);
      INFO(mutated.dump(), "\n", printed.dump());
      CHECK((says(mutated, printed) || !options.warnings.empty()));
      CHECK(to_json(parse_options(printed)) == printed);
    } catch (const ConfigError& error) {
      CHECK(std::string(error.what()).starts_with("options."));
      ++refused;
    }
  }
  CHECK(refused > kMutations / 4);
  CHECK(refused < kMutations);
}

}  // namespace
}  // namespace perigee
