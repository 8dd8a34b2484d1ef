#include "cli/environment.h"

#include <set>

#include <doctest/doctest.h>

#include "cli/setting.h"
#include "engine/base/config_error.h"
#include "engine/execution/option_keys.h"

namespace perigee {
namespace {

using nlohmann::json;

json options(const Environment& environment) {
  return settings_of_environment(environment).options.values;
}

std::string error_of(const Environment& environment) {
  try {
    settings_of_environment(environment);
  } catch (const ConfigError& error) {
    return error.what();
  }
  return "no error";
}

}  // namespace

TEST_CASE("PERIGEE_X counts, and K6_X where that is not set") {
  CHECK(options({{"PERIGEE_VUS", "5"}}) == json{{"vus", 5}});
  CHECK(options({{"K6_VUS", "5"}}) == json{{"vus", 5}});
  CHECK(options({{"PERIGEE_VUS", "6"}, {"K6_VUS", "5"}}) == json{{"vus", 6}});
  CHECK(options({{"PERIGEE_VUS", ""}, {"K6_VUS", "5"}}) == json{{"vus", 5}});
  CHECK(options({{"VUS", "5"}, {"K6_ITERATIONS", ""}}) == json::object());
}

TEST_CASE("variables have k6's formats") {
  CHECK(options({{"K6_STAGES", "10s:5, 1m:20"},
                 {"K6_TAGS", "team:ml,build:a:b"},
                 {"K6_OUT", "csv=a,json=b"},
                 {"K6_NO_SETUP", "true"},
                 {"K6_THROW", "0"},
                 {"K6_THRESHOLDS", R"({"checks": ["rate>0.9"]})"},
                 {"K6_HOSTS", R"({"a": "127.0.0.1"})"},
                 {"K6_DNS", "ttl=0,policy=any"},
                 {"K6_BLACKLIST_IPS", "10.0.0.0/8,11.0.0.0/8"},
                 {"K6_SETUP_TIMEOUT", "5m"}}) ==
        json::parse(R"({"stages": [{"duration": "10s", "target": 5},
                                   {"duration": "1m", "target": 20}],
                        "tags": {"team": "ml", "build": "a:b"}, "out": ["csv=a", "json=b"],
                        "noSetup": true, "throw": false, "thresholds": {"checks": ["rate>0.9"]},
                        "hosts": {"a": "127.0.0.1"}, "dns": {"ttl": "0", "policy": "any"},
                        "blacklistIPs": ["10.0.0.0/8", "11.0.0.0/8"], "setupTimeout": "5m"})"));
}

TEST_CASE("every option has a variable of its own") {
  std::set<std::string_view> keys;
  std::set<std::string_view> variables;
  size_t settings = 0;
  for (const SettingGroup& group : setting_groups()) {
    for (const Setting& setting : group.settings) {
      ++settings;
      variables.insert(setting.variable);
      if (group.options) keys.insert(setting.key);
    }
  }
  const auto known = option_keys();
  CHECK(keys == std::set<std::string_view>(known.begin(), known.end()));
  CHECK(variables.size() == settings);
}

TEST_CASE("a malformed variable is named") {
  CHECK(error_of({{"K6_VUS", "many"}}) == "K6_VUS: must be a whole number, got \"many\"");
  CHECK(error_of({{"PERIGEE_NO_SETUP", "yes"}}) ==
        "PERIGEE_NO_SETUP: must be true or false, got \"yes\"");
  CHECK(error_of({{"K6_STAGES", "10s"}}) == "K6_STAGES: must look like 30s:10,1m:20, got \"10s\"");
  CHECK(error_of({{"K6_TAGS", "a=b"}}) ==
        "K6_TAGS: must look like name:value,name:value, got \"a=b\"");
  CHECK(error_of({{"K6_THRESHOLDS", "{"}}) == "K6_THRESHOLDS: must be JSON, got \"{\"");
}

TEST_CASE("a variable for what this version lacks is refused unless it asks for nothing") {
  CHECK(error_of({{"K6_PAUSED", "true"}}) ==
        "K6_PAUSED: there is no REST API in this version that could let the run go on; unset it");
  CHECK(error_of({{"K6_WEB_DASHBOARD", "true"}}) ==
        "K6_WEB_DASHBOARD: there is no live web dashboard in this version; for its report set "
        "K6_WEB_DASHBOARD_EXPORT=FILE.html; unset it");
  CHECK(error_of({{"K6_WEB_DASHBOARD", "true"}, {"K6_WEB_DASHBOARD_EXPORT", "a.html"}}) ==
        "no error");
  CHECK(error_of({{"K6_PAUSED", "false"}, {"K6_TRACES_OUTPUT", "none"}, {"K6_ADDRESS", ""}}) ==
        "no error");
}

TEST_CASE("all variables of a beginning are found, ours before k6's") {
  const auto found = find_variables({{"K6_OTEL_HEADERS", "a"},
                                     {"PERIGEE_OTEL_HEADERS", "b"},
                                     {"K6_OTEL_EXPORTER", "c"},
                                     {"OTEL_HEADERS", "d"},
                                     {"K6_OTEL_EMPTY", ""}},
                                    "OTEL_");
  REQUIRE(found.size() == 2);
  CHECK(found.at("OTEL_HEADERS").name == "PERIGEE_OTEL_HEADERS");
  CHECK(found.at("OTEL_HEADERS").value == "b");
  CHECK(found.at("OTEL_EXPORTER").name == "K6_OTEL_EXPORTER");
}

TEST_CASE("a variable that looks misspelt is told") {
  CHECK(misspelt_variables({{"PERIGEE_VUSS", "5"}, {"PERIGEE_VUS", "5"}}) ==
        std::vector<std::string>{
            "PERIGEE_VUSS: there is no such setting (did you mean \"PERIGEE_VUS\"?)"});
  CHECK(misspelt_variables({{"K6_VUSS", "5"}, {"K6_ITERATION", "5"}}) ==
        std::vector<std::string>{
            "K6_ITERATION: there is no such setting (did you mean \"K6_ITERATIONS\"?)",
            "K6_VUSS: there is no such setting (did you mean \"K6_VUS\"?)"});
  CHECK(misspelt_variables({{"K6_CSV_FILENAME", "x"},
                            {"K6_PROMETHEUS_RW_SERVER_URL", "x"},
                            {"K6_CLOUD_TOKEN", "x"},
                            {"K6_WEB_DASHBOARD", "false"},
                            {"PERIGEE_MODEL_FOLDER", "x"},
                            {"HOME", "x"}})
            .empty());
}

TEST_CASE("a variable that is refused is not offered, nor another in its place") {
  CHECK(misspelt_variables({{"K6_PAUSE", "true"},
                            {"K6_PAUSED", "false"},
                            {"K6_ADRESS", "x"},
                            {"PERIGEE_FEATURE", "x"},
                            {"K6_TYP", "x"},
                            {"K6_SECRET_SOURCES", "x"},
                            {"K6_WEB_DASHBORD", "x"}})
            .empty());
}

}  // namespace perigee
