#include "cli/flag_table.h"

#include <CLI/CLI.hpp>

#include "cli/command_line.h"
#include "cli/setting_text.h"

namespace perigee {
namespace {

// "--data" of "-d,--data": what messages and the rules about meanings call it.
std::string last_name(const Setting& setting) {
  return std::string(setting.flag.substr(setting.flag.rfind(',') + 1));
}

const CLI::Option* declare(CLI::App& app, const Setting& setting, std::string_view title) {
  const std::string names(setting.flag);
  const bool is_switch = setting.kind == SettingKind::kSwitch;
  CLI::Option* option = is_switch ? app.add_flag(names) : app.add_option(names);
  option->description(std::string(setting.help))->group(std::string(title));
  option->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
  if (!is_switch) option->type_name(std::string(setting.type))->allow_extra_args(false);
  return option;
}

}  // namespace

FlagTable::FlagTable(CLI::App& app, std::span<const SettingGroup> groups) {
  for (const SettingGroup& group : groups) {
    for (const Setting& setting : group.settings)
      declared_.push_back({&setting, declare(app, setting, group.title)});
  }
}

OptionLayer FlagTable::written(Check check) const {
  OptionLayer layer;
  for (const Declared& declared : declared_) {
    if (declared.option->count() == 0) continue;
    const Setting& setting = *declared.setting;
    const std::string name = last_name(setting);
    for (const std::string& text : declared.option->results())
      check(name, text);
    layer.set(std::string(setting.key), value_of_flag(setting, declared.option->results()), name);
  }
  return layer;
}

bool parse_words(CLI::App& app, const std::vector<std::string>& words,
                 std::span<const RefusedSetting> refused) {
  std::vector<const char*> pointers;
  pointers.reserve(words.size());
  for (const std::string& word : words)
    pointers.push_back(word.c_str());
  return parse_command_line(app, static_cast<int>(pointers.size()), pointers.data(), refused);
}

}  // namespace perigee
