// What docs/ lists must be what there is.
#include <regex>
#include <set>

#include <doctest/doctest.h>
#include <fmt/format.h>

#include "cli/grpc/grpc_flags.h"
#include "cli/http_flags.h"
#include "cli/infer/flags.h"
#include "cli/modules.h"
#include "cli/setting.h"
#include "tests/engine/output/scratch_folder.h"
#include "tests/support/process.h"

namespace perigee {
namespace {

// The first group of every match of `pattern` in `text`.
std::set<std::string> all_matches(const std::string& text, const std::string& pattern) {
  const std::regex expression(pattern);
  std::set<std::string> matches;
  for (std::sregex_iterator match(text.begin(), text.end(), expression), end; match != end; ++match)
    matches.insert((*match)[1]);
  return matches;
}

// Those of the names that `document` does not write as `name` in its text.
std::set<std::string> missing_in(const std::string& document, const std::set<std::string>& names) {
  const std::string text = read_text(document);
  std::set<std::string> missing;
  for (const std::string& name : names) {
    const bool found = std::regex_search(text, std::regex("`" + name + "[` ,]"));
    if (!found) missing.insert(name);
  }
  return missing;
}

// "-u" and "--vus".
std::vector<std::string> flag_names(const Setting& setting) {
  std::vector<std::string> names;
  const size_t comma = setting.flag.find(',');
  if (comma != std::string_view::npos) names.emplace_back(setting.flag.substr(0, comma));
  if (!setting.flag.empty()) names.emplace_back(long_flag(setting));
  return names;
}

// How the row of a setting begins.
std::string start_of_row(const Setting& setting, bool is_option) {
  if (is_option) return fmt::format("\n| `{}` |", setting.key);
  if (setting.flag.empty()) return fmt::format("\n|  | `{}` |", setting.variable);
  return fmt::format("\n| `{}` |", fmt::join(flag_names(setting), "`, `"));
}

}  // namespace

TEST_CASE("docs/metrics.md explains every built-in metric") {
  MetricRegistry registry;
  declare_builtins(registry);
  for (const auto& module : make_modules())
    module->declare(registry);
  std::set<std::string> names;
  for (const Metric& metric : registry)
    names.insert(metric.name);
  REQUIRE(names.contains("http_reqs"));
  CHECK(missing_in("docs/metrics.md", names) == std::set<std::string>{});
}

TEST_CASE("docs/environment.md explains every variable that the components read") {
  std::set<std::string> names;
  for (const char* file : {"settings", "kafka_settings"}) {
    names.merge(all_matches(read_text(fmt::format("scenarios/components/{}.lua", file)),
                            R"rx(\{ "\w+", "([A-Z0-9_]+)")rx"));
  }
  REQUIRE(names.contains("MODEL_TYPE"));
  REQUIRE(names.contains("KAFKA_VALUE"));
  CHECK(missing_in("docs/environment.md", names) == std::set<std::string>{});
}

TEST_CASE("docs/environment.md explains every variable that chat_stream.lua reads") {
  const std::set<std::string> names =
      all_matches(read_text("scenarios/chat_stream.lua"), R"rx(setting\("([A-Z_]+)")rx");
  REQUIRE(names.contains("STREAM_TIMEOUT"));
  CHECK(missing_in("docs/environment.md", names) == std::set<std::string>{});
}

TEST_CASE("docs/streams.md explains every field and kind of failure of a chat's result") {
  const std::string library = read_text("scripting/library/perigee/chat.lua");
  std::set<std::string> names = all_matches(library, R"rx(---@field (\w+))rx");
  names.merge(all_matches(library, R"rx(---\| "(\w+)")rx"));
  REQUIRE(names.contains("unfinished"));
  CHECK(missing_in("docs/streams.md", names) == std::set<std::string>{});
}

TEST_CASE("docs/target.md explains every option of perigee serve") {
  const ProcessResult help = run_process({perigee_program(), "serve", "--help"});
  std::set<std::string> names = all_matches(help.out, R"((--[a-z-]+))");
  REQUIRE(names.contains("--port"));
  names.erase("--help");
  CHECK(missing_in("docs/target.md", names) == std::set<std::string>{});
}

TEST_CASE("docs/http-command.md explains every flag of perigee http") {
  std::set<std::string> names;
  for (const FlagDescription& flag : http_flags())
    names.insert(flag.names.begin(), flag.names.end());
  names.erase("-h");
  names.erase("--help");
  REQUIRE(names.contains("--rate"));
  CHECK(missing_in("docs/http-command.md", names) == std::set<std::string>{});
}

TEST_CASE("docs/grpc-command.md explains every flag of perigee grpc") {
  std::set<std::string> names;
  for (const FlagDescription& flag : grpc_flags())
    names.insert(flag.names.begin(), flag.names.end());
  names.erase("-h");
  names.erase("--help");
  REQUIRE(names.contains("--rps"));
  CHECK(missing_in("docs/grpc-command.md", names) == std::set<std::string>{});
}

TEST_CASE("docs/infer.md explains every flag of perigee infer") {
  std::set<std::string> names;
  for (const FlagDescription& flag : infer_flags())
    names.insert(flag.names.begin(), flag.names.end());
  for (const char* other : {"-h", "--help", "--unbuffered"})
    names.erase(other);
  REQUIRE(names.contains("--rps"));
  CHECK(missing_in("docs/infer.md", names) == std::set<std::string>{});
}

TEST_CASE("docs/options.md has every option with its flags and its variable") {
  std::string text = read_text("docs/options.md");
  text.erase(0, text.find("## Load"));  // shortcuts have a table of their own
  for (const SettingGroup& group : setting_groups()) {
    for (const Setting& setting : group.settings) {
      const std::string start = start_of_row(setting, group.options);
      const size_t at = text.find(start);
      INFO(start);
      REQUIRE(at != std::string::npos);
      const std::string row = text.substr(at + 1, text.find('\n', at + 1) - at);
      CHECK(row.find(fmt::format("| `{}` |", setting.variable)) != std::string::npos);
      for (const std::string& flag : flag_names(setting))
        CHECK(row.find("`" + flag + "`") != std::string::npos);
    }
  }
}

}  // namespace perigee
