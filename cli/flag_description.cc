#include "cli/flag_description.h"

#include <CLI/CLI.hpp>

namespace perigee {

std::vector<FlagDescription> describe_flags(const CLI::App& app) {
  std::vector<FlagDescription> flags;
  for (const CLI::Option* option : app.get_options()) {
    if (option->get_group().empty()) continue;  // hidden
    FlagDescription flag;
    for (const std::string& name : option->get_snames())
      flag.names.push_back("-" + name);
    for (const std::string& name : option->get_lnames())
      flag.names.push_back("--" + name);
    if (flag.names.empty()) continue;  // a word, not a flag
    if (option->get_items_expected_max() > 0) flag.value = option->get_type_name();
    flag.help = option->get_description();
    flags.push_back(std::move(flag));
  }
  return flags;
}

}  // namespace perigee
