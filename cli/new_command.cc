#include "cli/new_command.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "cli/command_line.h"
#include "cli/templates.h"
#include "engine/base/config_error.h"
#include "engine/base/suggest.h"

namespace perigee {
namespace {

constexpr std::array<std::string_view, 3> kTemplates{"minimal", "http", "inference"};

// The flags as they are declared; must outlive the parsing.
struct NewFlags {
  NewFlags() : app("Writes a commented scenario to start from.", "perigee new") {
    app.add_option("file", file, "the file to write")->type_name("FILE")->capture_default_str();
    app.add_flag("-f,--force", force, "overwrite the file if it is there");
    app.add_option("--template", name,
                   "minimal, http (requests and thresholds) or inference (a model at a rate)")
        ->type_name("NAME")
        ->capture_default_str();
  }

  CLI::App app;
  std::string file = "script.lua";
  std::string name = "minimal";
  bool force = false;
};

void check_template(const std::string& name) {
  if (std::find(kTemplates.begin(), kTemplates.end(), name) != kTemplates.end()) return;
  throw ConfigError(fmt::format("--template: \"{}\" is none of {}{}", name,
                                fmt::join(kTemplates, ", "), did_you_mean(name, kTemplates)));
}

void write_template(const NewFlags& flags) {
  std::error_code ignored;
  if (!flags.force && std::filesystem::exists(flags.file, ignored)) {
    throw ConfigError(fmt::format("{} is there already; --force overwrites it", flags.file));
  }
  std::ofstream out(flags.file, std::ios::binary);
  if (!(out << template_source(flags.name) << std::flush)) {
    throw ConfigError(fmt::format("cannot write {}: {}", flags.file, std::strerror(errno)));
  }
}

}  // namespace

int new_command(int argc, const char* const* argv) {
  NewFlags flags;
  if (!parse_command_line(flags.app, argc, argv)) return 0;
  check_template(flags.name);
  write_template(flags);
  if (flags.name != "minimal") fmt::print("perigee serve &    # a server to try it on\n");
  fmt::print("perigee run {}\n", flags.file);
  return 0;
}

std::vector<FlagDescription> new_flags() {
  return describe_flags(NewFlags().app);
}

}  // namespace perigee
