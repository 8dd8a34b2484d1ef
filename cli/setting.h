// What can be set for a run from outside its script: by which flag, which environment variable, and
// which key of the options.
#pragma once

#include <span>
#include <string_view>

namespace perigee {

enum class SettingKind {
  kSwitch,  // true or false
  kWhole,   // 5
  kText,    // also durations
  kChoice,  // a word; as a flag, --flag=word or --flag alone, which stands for `type`
  kList,    // a,b,c
  kTexts,   // as a flag one each, as a variable a,b,c
  kPairs,   // name=value, repeated, as a flag; name:value,name:value as a variable
  kStages,  // 30s:10,1m:20
  kFields,  // ttl=5m,select=first
  kJson,
};

struct Setting {
  std::string_view key;       // of the options, or for the command's own settings their name
  std::string_view flag;      // "-u,--vus"; empty: there is none
  std::string_view variable;  // "VUS" for PERIGEE_VUS and K6_VUS
  SettingKind kind;
  std::string_view type;  // what the help calls the value; "a|b": one of these words
  std::string_view help;
};

// A part of the help with what belongs to it.
struct SettingGroup {
  std::string_view title;
  bool options;  // whether the keys are options, which scripts and configuration files have, too
  std::span<const Setting> settings;
};

// All settings, in the order of the help.
std::span<const SettingGroup> setting_groups();

// What k6 lets people set and this version does not, and why.
struct RefusedSetting {
  std::string_view flag;      // as in Setting
  std::string_view variable;  // as in Setting
  std::string_view harmless;  // a value of the variable that asks for nothing, beside "false"
  std::string_view why;
  // Where this variable is set, too, the refused one asks for nothing more.
  std::string_view harmless_beside{};
};

std::span<const RefusedSetting> refused_settings();

// "--vus" of "-u,--vus".
std::string_view long_flag(const Setting& setting);

}  // namespace perigee
