#include "cli/commands.h"

#include <array>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "cli/completion.h"
#include "cli/grpc/grpc_command.h"
#include "cli/grpc/grpc_flags.h"
#include "cli/help_pages.h"
#include "cli/http_command.h"
#include "cli/http_flags.h"
#include "cli/infer/command.h"
#include "cli/infer/flags.h"
#include "cli/inspect_command.h"
#include "cli/new_command.h"
#include "cli/results/compare_command.h"
#include "cli/results/merge_command.h"
#include "cli/results/report_command.h"
#include "cli/run_command.h"
#include "cli/run_flags.h"
#include "cli/serve.h"
#include "cli/serve_flags.h"
#include "cli/share.h"
#include "cli/upload/upload_command.h"
#include "engine/base/config_error.h"
#include "engine/base/suggest.h"

namespace perigee {
namespace {

// What `perigee help` shows beside the commands.
struct HelpPage {
  std::string_view name;
  std::string_view file;
  std::string_view about;
};

constexpr std::array<HelpPage, 2> kHelpPages{
    {{"from-k6", "from-k6.md", "what each part of a k6 script is here"},
     {"lua", "lua-for-k6.md", "Lua for people who think in JavaScript"}}};

std::vector<std::string_view> command_names() {
  std::vector<std::string_view> names;
  for (const Command& command : commands())
    names.push_back(command.name);
  return names;
}

// People name a script or a URL without the command that loads it.
std::string suggest_command(std::string_view word, std::span<const std::string_view> known) {
  const bool is_url = word.starts_with("http://") || word.starts_with("https://");
  if (is_url || word.ends_with(".lua")) {
    return fmt::format(" (did you mean \"perigee {} {}\"?)", is_url ? "http" : "run", word);
  }
  return did_you_mean(word, known);
}

const Command& find_command(std::string_view name, std::span<const std::string_view> known) {
  for (const Command& command : commands()) {
    if (command.name == name) return command;
  }
  throw ConfigError(fmt::format("there is no command \"{}\"{}; see perigee help", name,
                                suggest_command(name, known)));
}

std::vector<std::string_view> help_words() {
  auto words = command_names();
  for (const HelpPage& page : kHelpPages)
    words.push_back(page.name);
  return words;
}

void refuse_words(int argc, const char* const* argv, int allowed) {
  if (argc <= allowed + 1) return;
  throw ConfigError(
      fmt::format("perigee {}: \"{}\" is too many; see perigee help", argv[0], argv[allowed + 1]));
}

std::vector<FlagDescription> no_flags() {
  return {};
}

std::vector<FlagDescription> version_flags() {
  return {{{"--json"}, "", "as JSON"}};
}

int print_version(int argc, const char* const* argv) {
  const bool as_json = argc > 1 && argv[1] == std::string_view("--json");
  refuse_words(argc, argv, as_json ? 1 : 0);
  if (as_json) {
    fmt::print("{}\n", nlohmann::json{{"version", PERIGEE_VERSION}, {"os", "linux"}}.dump());
  } else {
    fmt::print("perigee {}\n", PERIGEE_VERSION);
  }
  return 0;
}

int print_library(int argc, const char* const* argv) {
  refuse_words(argc, argv, 0);
  fmt::print("{}\n", library_folder().string());
  return 0;
}

int print_completion(int argc, const char* const* argv) {
  refuse_words(argc, argv, 1);
  std::vector<CommandDescription> descriptions;
  for (const Command& command : commands()) {
    descriptions.push_back({command.name, command.help, command.flags(), {}});
    if (command.name == "help") descriptions.back().words = help_words();
    if (command.name == "completion") descriptions.back().words = {"bash", "zsh"};
    if (command.name == "grpc") descriptions.back().words = {"list", "describe"};
  }
  const std::string_view shell = argc > 1 ? argv[1] : "";
  if (shell != "bash" && shell != "zsh") {
    throw ConfigError("name a shell: perigee completion bash, or zsh");
  }
  fmt::print("{}", shell == "bash" ? bash_completion(descriptions) : zsh_completion(descriptions));
  return 0;
}

int print_help_of(const char* word) {
  for (const HelpPage& page : kHelpPages) {
    if (page.name != word) continue;
    fmt::print("{}", help_page(page.file));
    return 0;
  }
  const Command& command = find_command(word, help_words());
  if (!command.flags().empty() && command.name != "version") {
    const std::array<const char*, 2> words{word, "--help"};
    return command.run(2, words.data());
  }
  fmt::print("perigee {} {}\n  {}\n", command.name, command.arguments, command.help);
  return 0;
}

int print_help(int argc, const char* const* argv) {
  refuse_words(argc, argv, 1);
  if (argc > 1) return print_help_of(argv[1]);
  fmt::print("perigee loads inference platforms and the services around them.\n\n");
  for (const Command& command : commands()) {
    fmt::print("  perigee {:<22} {}\n", fmt::format("{} {}", command.name, command.arguments),
               command.help);
  }
  fmt::print("\nperigee help COMMAND says more. There are pages, too:\n\n");
  for (const HelpPage& page : kHelpPages)
    fmt::print("  perigee {:<22} {}\n", fmt::format("help {}", page.name), page.about);
  return 0;
}

constexpr std::array<Command, 15> kCommands{
    {{"run", "FILE.lua", "run the scenarios of a script", run_command, run_flags},
     {"http", "URL", "load a URL without a script", http_command, http_flags},
     {"grpc", "HOST:PORT METHOD", "call a gRPC method without a script", grpc_command, grpc_flags},
     {"infer", "-a HOST -m MODEL", "load a served model by its own metadata", infer_command,
      infer_flags},
     {"report", "FILE...", "what result files say", report_command, report_flags},
     {"compare", "BASE NEW", "two runs figure by figure", compare_command, compare_flags},
     {"merge", "FILE... -o FILE", "one result file of several", merge_command, merge_flags},
     {"upload", "PATH URI", "send files to storage", upload_command, upload_flags},
     {"inspect", "FILE.lua", "the options of a script as JSON", inspect_command, inspect_flags},
     {"new", "[FILE.lua]", "write a scenario to start from", new_command, new_flags},
     {"serve", "", "start the built-in target", serve_main, serve_flags},
     {"library", "", "where the definitions for editors lie", print_library, no_flags},
     {"completion", "bash|zsh", "let a shell complete command lines", print_completion, no_flags},
     {"version", "[--json]", "the version", print_version, version_flags},
     {"help", "[COMMAND|PAGE]", "this text, the flags of a command, or a page", print_help,
      no_flags}}};

}  // namespace

std::span<const Command> commands() {
  return kCommands;
}

int run_named_command(int argc, const char* const* argv) {
  std::string_view name = argc > 0 ? argv[0] : "help";
  if (name == "--version") name = "version";
  if (name == "--help" || name == "-h") name = "help";
  const Command& command = find_command(name, command_names());
  // The command gets its name also where no word was given.
  const char* own = command.name.data();
  return argc > 0 ? command.run(argc, argv) : command.run(1, &own);
}

}  // namespace perigee
