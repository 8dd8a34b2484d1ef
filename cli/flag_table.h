// Settings as the flags of a command.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "cli/setting.h"
#include "engine/execution/option_layers.h"

namespace CLI {
class App;
class Option;
}  // namespace CLI

namespace perigee {

class FlagTable {
 public:
  // Declares the flags on an app, which must outlive the table.
  FlagTable(CLI::App& app, std::span<const SettingGroup> groups);

  // Sees a flag by its longest name, and its value, before it is read.
  using Check = void (*)(std::string_view flag, const std::string& value);

  // What was given, under the keys of the settings. Throws ConfigError.
  OptionLayer written(Check check) const;

 private:
  struct Declared {
    const Setting* setting;
    const CLI::Option* option;
  };

  std::vector<Declared> declared_;
};

// Parses the words of a command line, as parse_command_line does.
bool parse_words(CLI::App& app, const std::vector<std::string>& words,
                 std::span<const RefusedSetting> refused);

}  // namespace perigee
