#include "cli/new_command.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "cli/command_line.h"
#include "cli/grpc/grpc_flags.h"
#include "cli/grpc/grpc_script.h"
#include "cli/http_flags.h"
#include "cli/http_script.h"
#include "cli/infer/flags.h"
#include "cli/infer/script.h"
#include "cli/k6/skeleton.h"
#include "cli/share.h"
#include "cli/templates.h"
#include "engine/base/config_error.h"
#include "engine/base/suggest.h"
#include "scripting/script.h"

namespace perigee {
namespace {

constexpr std::array<std::string_view, 8> kTemplates{
    "minimal", "breakpoint", "completion", "csv", "http", "inference", "session", "websocket"};

// The flags as they are declared; must outlive the parsing.
struct NewFlags {
  NewFlags() : app("Writes a commented scenario to start from.", "perigee new") {
    app.add_option(
           "--from", from,
           "the scenario that does what perigee http, perigee grpc or perigee infer would; what "
           "that would get follows. k6: what of a k6 script can be taken over; its file follows")
        ->type_name("http|grpc|infer|k6");
    app.add_option("file", file, "the file to write")->type_name("FILE")->capture_default_str();
    app.add_flag("-f,--force", force, "overwrite the file if it is there");
    app.add_option("--template", name,
                   "minimal: one request; breakpoint: a rate that rises until the server breaks; "
                   "completion: a language model's streams; csv: users of a file; http: requests "
                   "and thresholds; inference: a model at a rate; session: a login and its cookie; "
                   "websocket: a conversation")
        ->type_name(fmt::format("{}", fmt::join(kTemplates, "|")))
        ->capture_default_str();
  }

  CLI::App app;
  std::string file = "script.lua";
  std::string name = "minimal";
  std::string from;
  bool force = false;
};

void check_template(const std::string& name) {
  if (std::find(kTemplates.begin(), kTemplates.end(), name) != kTemplates.end()) return;
  throw ConfigError(fmt::format("--template: \"{}\" is none of {}{}", name,
                                fmt::join(kTemplates, ", "), did_you_mean(name, kTemplates)));
}

void write_script(const std::string& file, bool force, std::string_view text) {
  std::error_code ignored;
  if (!force && std::filesystem::exists(file, ignored)) {
    throw ConfigError(fmt::format("{} is there already; --force overwrites it", file));
  }
  std::ofstream out(file, std::ios::binary);
  if (!(out << text << std::flush)) {
    throw ConfigError(fmt::format("cannot write {}: {}", file, std::strerror(errno)));
  }
}

// Tells editors where the definitions lie, in the folder of the scenario; a file that is there, or
// that can't be written, is left alone.
void write_editor_settings(const std::string& file) {
  const std::filesystem::path library = library_folder();
  const std::filesystem::path settings = std::filesystem::path(file).parent_path() / ".luarc.json";
  std::error_code ignored;
  if (library.empty() || std::filesystem::exists(settings, ignored)) return;
  const nlohmann::ordered_json text{{"runtime.version", "LuaJIT"},
                                    {"workspace.library", {library.string()}}};
  std::ofstream out(settings, std::ios::binary);
  if (out << text.dump(2, ' ', false, nlohmann::json::error_handler_t::replace) << '\n'
          << std::flush)
    fmt::print("{}: editors with lua-language-server know perigee's functions\n",
               settings.string());
}

void write_scenario(const std::string& file, bool force, std::string_view text) {
  write_script(file, force, text);
  write_editor_settings(file);
}

// Whether these are the words of `new --from COMMAND`, whose other flags are those of the command.
bool comes_from(std::string_view command, int argc, const char* const* argv) {
  for (int i = 1; i < argc; ++i) {
    const std::string_view word = argv[i];
    if (word.starts_with("--from=") && word.substr(7) == command) return true;
    if (word == "--from") return i + 1 < argc && argv[i + 1] == command;
  }
  return false;
}

int new_from_http(int argc, const char* const* argv) {
  CLI::App app("Writes the scenario that does what perigee http would.", "perigee new --from http");
  std::string from;
  std::string file = "script.lua";
  bool force = false;
  app.add_option("--from", from, "http")->type_name("http");
  app.add_flag("--force", force, "overwrite the file if it is there");
  HttpFlagReader reader(app);
  app.add_option("file", file, "the file to write")->type_name("FILE")->capture_default_str();
  if (!reader.parse(argc, argv)) return 0;
  write_script(file, force, http_script(reader.read().load));
  fmt::print("perigee run {}\n", file);
  return 0;
}

int new_from_grpc(int argc, const char* const* argv) {
  CLI::App app("Writes the scenario that does what perigee grpc would.", "perigee new --from grpc");
  std::string from;
  std::string file = "script.lua";
  bool force = false;
  app.add_option("--from", from, "grpc")->type_name("grpc");
  app.add_flag("--force", force, "overwrite the file if it is there");
  GrpcFlagReader reader(app);
  if (!reader.parse(argc, argv)) return 0;
  const GrpcLoad load = reader.read(&file).load;
  write_script(file, force, grpc_script(load));
  fmt::print("perigee run {}\n", file);
  return 0;
}

int new_from_infer(int argc, const char* const* argv) {
  CLI::App app("Writes the scenario that does what perigee infer would.",
               "perigee new --from infer");
  std::string from;
  std::string file = "script.lua";
  bool force = false;
  app.add_option("--from", from, "infer")->type_name("infer");
  app.add_flag("--force", force, "overwrite the file if it is there");
  InferFlagReader reader(app);
  app.add_option("file", file, "the file to write")->type_name("FILE")->capture_default_str();
  if (!reader.parse(argc, argv)) return 0;
  write_script(file, force, infer_script(reader.read().load));
  fmt::print("perigee run {}\n", file);
  return 0;
}

int new_from_k6(int argc, const char* const* argv) {
  CLI::App app("Writes what of a k6 script can be taken over.", "perigee new --from k6");
  std::string from;
  std::string script;
  std::string file = "script.lua";
  bool force = false;
  app.add_option("--from", from, "k6")->type_name("k6");
  app.add_flag("-f,--force", force, "overwrite the file if it is there");
  app.add_option("script", script, "the k6 script")->type_name("FILE.js")->required();
  app.add_option("file", file, "the file to write")->type_name("FILE")->capture_default_str();
  if (!parse_command_line(app, argc, argv)) return 0;
  const std::string name = std::filesystem::path(script).filename().string();
  write_scenario(file, force, k6::skeleton(read_file(script), name));
  fmt::print("perigee inspect --check {}\n", file);
  return 0;
}

void check_from(const NewFlags& flags) {
  if (flags.from.empty()) return;
  throw ConfigError(fmt::format("--from: must be http, grpc, infer or k6, got \"{}\"", flags.from));
}

}  // namespace

int new_command(int argc, const char* const* argv) {
  if (comes_from("http", argc, argv)) return new_from_http(argc, argv);
  if (comes_from("grpc", argc, argv)) return new_from_grpc(argc, argv);
  if (comes_from("infer", argc, argv)) return new_from_infer(argc, argv);
  if (comes_from("k6", argc, argv)) return new_from_k6(argc, argv);
  NewFlags flags;
  if (!parse_command_line(flags.app, argc, argv)) return 0;
  check_from(flags);
  check_template(flags.name);
  write_scenario(flags.file, flags.force, template_source(flags.name));
  fmt::print("perigee serve &    # a server to try it on\n");
  fmt::print("perigee run {}\n", flags.file);
  return 0;
}

std::vector<FlagDescription> new_flags() {
  return describe_flags(NewFlags().app);
}

}  // namespace perigee
