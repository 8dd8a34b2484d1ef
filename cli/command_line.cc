#include "cli/command_line.h"

#include <string>
#include <string_view>
#include <vector>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "cli/setting.h"
#include "engine/base/config_error.h"
#include "engine/base/suggest.h"

namespace perigee {
namespace {

// Whether `name` is one of "-p,--paused".
bool names_flag(std::string_view names, std::string_view name) {
  const size_t comma = names.find(',');
  return names.substr(0, comma) == name ||
         (comma != std::string_view::npos && names.substr(comma + 1) == name);
}

// "--paused" of "-p,--paused".
std::vector<std::string_view> long_names(std::span<const RefusedSetting> refused_flags) {
  std::vector<std::string_view> names;
  for (const RefusedSetting& refused : refused_flags) {
    const size_t comma = refused.flag.find(',');
    const std::string_view name =
        comma == std::string_view::npos ? refused.flag : refused.flag.substr(comma + 1);
    if (name.starts_with("--")) names.push_back(name);
  }
  return names;
}

std::string unknown_flag(const CLI::App& app, const std::string& flag,
                         std::span<const RefusedSetting> refused_flags) {
  const std::string name = flag.substr(0, flag.find('='));
  for (const RefusedSetting& refused : refused_flags) {
    if (names_flag(refused.flag, name)) return fmt::format("{}: {}", name, refused.why);
  }
  std::vector<std::string> names;
  for (const CLI::Option* option : app.get_options()) {
    for (const std::string& known : option->get_lnames())
      names.push_back("--" + known);
  }
  const std::vector<std::string_view> views(names.begin(), names.end());
  return fmt::format("there is no flag {}{}; see {} --help", name,
                     did_you_mean(name, views, long_names(refused_flags)), app.get_name());
}

std::string one_too_many(const CLI::App& app, const std::string& word) {
  for (const char* kind : {"script", "url", "file"}) {
    if (app.get_option_no_throw(kind) == nullptr) continue;
    return fmt::format("one {} at a time: \"{}\" is too many",
                       kind == std::string_view("url") ? "URL" : kind, word);
  }
  return fmt::format("\"{}\" is too many; see {} --help", word, app.get_name());
}

}  // namespace

bool parse_command_line(CLI::App& app, int argc, const char* const* argv,
                        std::span<const RefusedSetting> refused) {
  app.allow_extras();
  try {
    app.parse(argc, argv);
  } catch (const CLI::CallForHelp&) {
    fmt::print("{}", app.help());
    return false;
  } catch (const CLI::ParseError& error) {
    throw ConfigError(fmt::format("{}; see {} --help", error.what(), app.get_name()));
  }
  for (const std::string& extra : app.remaining()) {
    if (extra.size() > 1 && extra.front() == '-')
      throw ConfigError(unknown_flag(app, extra, refused));
    throw ConfigError(one_too_many(app, extra));
  }
  return true;
}

}  // namespace perigee
