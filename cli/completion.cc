#include "cli/completion.h"

#include <fmt/format.h>

namespace perigee {
namespace {

std::vector<std::string> flag_names(const CommandDescription& command, bool with_value_only) {
  std::vector<std::string> names;
  for (const FlagDescription& flag : command.flags) {
    if (with_value_only && flag.value.empty()) continue;
    names.insert(names.end(), flag.names.begin(), flag.names.end());
  }
  return names;
}

std::vector<std::string_view> names_of(std::span<const CommandDescription> commands) {
  std::vector<std::string_view> names;
  for (const CommandDescription& command : commands)
    names.push_back(command.name);
  return names;
}

std::string bash_case(const CommandDescription& command) {
  const auto with_value = flag_names(command, /*with_value_only=*/true);
  std::string text = fmt::format("    {})\n      flags=\"{}\"\n", command.name,
                                 fmt::join(flag_names(command, false), " "));
  if (!with_value.empty()) text += fmt::format("      valued=\"{}\"\n", fmt::join(with_value, " "));
  if (!command.words.empty()) {
    text += fmt::format("      words=\"{}\"\n", fmt::join(command.words, " "));
  }
  return text + "      ;;\n";
}

// Within '[...]' of _arguments.
std::string zsh_text(std::string_view text) {
  std::string result;
  for (const char c : text) {
    if (c == '\'') {
      result += "'\\''";
      continue;
    }
    if (c == '[' || c == ']' || c == ':' || c == '\\') result += '\\';
    result += c;
  }
  return result;
}

std::string zsh_flag(const FlagDescription& flag) {
  const std::string value =
      flag.value.empty() ? "" : fmt::format(":{}:_files", zsh_text(flag.value));
  const std::string text = fmt::format("'[{}]{}'", zsh_text(flag.help), value);
  if (flag.names.size() == 1) return fmt::format("        '*'{}{} \\\n", flag.names.front(), text);
  return fmt::format("        '*'{{{}}}{} \\\n", fmt::join(flag.names, ","), text);
}

std::string zsh_case(const CommandDescription& command) {
  std::string text = fmt::format("    {})\n      _arguments \\\n", command.name);
  for (const FlagDescription& flag : command.flags)
    text += zsh_flag(flag);
  if (command.words.empty()) return text + "        '*:file:_files'\n      ;;\n";
  return text + fmt::format("        '1:word:({})'\n      ;;\n", fmt::join(command.words, " "));
}

}  // namespace

std::string bash_completion(std::span<const CommandDescription> commands) {
  std::string cases;
  for (const CommandDescription& command : commands)
    cases += bash_case(command);
  return fmt::format(R"(# Completion of perigee for bash: source it, or install it as
# /usr/share/bash-completion/completions/perigee.
_perigee() {{
  local word=${{COMP_WORDS[COMP_CWORD]}} before=${{COMP_WORDS[COMP_CWORD-1]}} flags= valued= words=
  COMPREPLY=()
  if [ "$COMP_CWORD" -eq 1 ]; then
    mapfile -t COMPREPLY < <(compgen -W "{}" -- "$word")
    return
  fi
  case ${{COMP_WORDS[1]}} in
{}  esac
  if [[ " $valued " == *" $before "* ]]; then
    mapfile -t COMPREPLY < <(compgen -f -- "$word")
  elif [[ $word == -* ]]; then
    mapfile -t COMPREPLY < <(compgen -W "$flags" -- "$word")
  elif [ -n "$words" ]; then
    mapfile -t COMPREPLY < <(compgen -W "$words" -- "$word")
  else
    mapfile -t COMPREPLY < <(compgen -f -- "$word")
  fi
}}
complete -o filenames -F _perigee perigee
)",
                     fmt::join(names_of(commands), " "), cases);
}

std::string zsh_completion(std::span<const CommandDescription> commands) {
  std::string list;
  std::string cases;
  for (const CommandDescription& command : commands) {
    list += fmt::format("      '{}:{}'\n", command.name, zsh_text(command.help));
    cases += zsh_case(command);
  }
  return fmt::format(R"(#compdef perigee
# Completion of perigee for zsh: install it as _perigee in a folder of $fpath.
_perigee() {{
  if (( CURRENT == 2 )); then
    local -a commands=(
{})
    _describe command commands
    return
  fi
  local command=$words[2]
  shift words
  (( CURRENT-- ))
  case $command in
{}  esac
}}
_perigee "$@"
)",
                     list, cases);
}

}  // namespace perigee
