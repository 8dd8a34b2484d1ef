#include "cli/completion.h"

#include <algorithm>

#include <fmt/format.h>

#include "engine/output/outputs.h"

namespace perigee {
namespace {

std::vector<std::string> flag_names(const CommandDescription& command) {
  std::vector<std::string> names;
  for (const FlagDescription& flag : command.flags)
    names.insert(names.end(), flag.names.begin(), flag.names.end());
  return names;
}

bool is_output(const FlagDescription& flag) {
  return flag.value.starts_with("TYPE=");
}

// "csv= json= ...": a file, an address or a URL follows.
std::string outputs() {
  return fmt::format("{}=", fmt::join(output_types(), "= "));
}

bool is_file(const FlagDescription& flag) {
  return !is_output(flag) && flag.value.find("FILE") != std::string::npos;
}

// "a b c" of "a|b|c"; empty where the value is no such choice.
std::string words_of(const FlagDescription& flag) {
  std::string words = flag.value;
  if (words.find('|') == std::string::npos) return "";
  std::replace(words.begin(), words.end(), '|', ' ');
  return words;
}

std::vector<std::string_view> names_of(std::span<const CommandDescription> commands) {
  std::vector<std::string_view> names;
  for (const CommandDescription& command : commands)
    names.push_back(command.name);
  return names;
}

// What may follow the flag: "files", "outputs", or "=" and words.
std::string bash_value(const FlagDescription& flag) {
  if (is_output(flag)) {
    return fmt::format("        {}) value=outputs ;;\n", fmt::join(flag.names, "|"));
  }
  return fmt::format("        {}) value=\"{}\" ;;\n", fmt::join(flag.names, "|"),
                     is_file(flag) ? "files" : "=" + words_of(flag));
}

std::string bash_case(const CommandDescription& command) {
  std::string text = fmt::format("    {})\n      flags=\"{}\"\n", command.name,
                                 fmt::join(flag_names(command), " "));
  std::string values;
  for (const FlagDescription& flag : command.flags) {
    if (!flag.value.empty()) values += bash_value(flag);
  }
  if (!values.empty()) text += fmt::format("      case $before in\n{}      esac\n", values);
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

// What may follow the flag.
std::string zsh_value(const FlagDescription& flag) {
  if (flag.value.empty()) return "";
  const std::string words = words_of(flag);
  std::string offered = words.empty() ? " " : fmt::format("({})", words);
  if (is_file(flag)) offered = "_files";
  if (is_output(flag)) {
    offered = fmt::format("{{if compset -P \"*=\"; then _files; else compadd -S \"\" -- {}; fi}}",
                          outputs());
  }
  return fmt::format(":{}:{}", zsh_text(flag.value), offered);
}

std::string zsh_flag(const FlagDescription& flag) {
  const std::string text = fmt::format("'[{}]{}'", zsh_text(flag.help), zsh_value(flag));
  if (flag.names.size() == 1) return fmt::format("        '*'{}{} \\\n", flag.names.front(), text);
  return fmt::format("        '*'{{{}}}{} \\\n", fmt::join(flag.names, ","), text);
}

std::string zsh_case(const CommandDescription& command) {
  std::string text = fmt::format("    {})\n      _arguments \\\n", command.name);
  for (const FlagDescription& flag : command.flags)
    text += zsh_flag(flag);
  if (command.words.empty()) return text + "        '*:file:_files'\n      ;;\n";
  return text + fmt::format("        '*:word:({})'\n      ;;\n", fmt::join(command.words, " "));
}

}  // namespace

std::string bash_completion(std::span<const CommandDescription> commands) {
  std::string cases;
  for (const CommandDescription& command : commands)
    cases += bash_case(command);
  return fmt::format(R"(# Completion of perigee for bash: source it, or install it as
# /usr/share/bash-completion/completions/perigee.
_perigee() {{
  local word=${{COMP_WORDS[COMP_CWORD]}} before=${{COMP_WORDS[COMP_CWORD-1]}} flags= words= value=
  COMPREPLY=()
  if [ "$COMP_CWORD" -eq 1 ]; then
    mapfile -t COMPREPLY < <(compgen -W "{}" -- "$word")
    return
  fi
  # An = parts words, too: of --flag=value, and of --out csv=file.
  [ "$word" != = ] || word=
  [ "$before" != = ] || before=${{COMP_WORDS[COMP_CWORD-2]}}
  case ${{COMP_WORDS[1]}} in
{}  esac
  if [ "$value" = outputs ]; then
    mapfile -t COMPREPLY < <(compgen -W "{}" -- "$word")
    compopt -o nospace 2>/dev/null
  elif [ "$value" = files ]; then
    mapfile -t COMPREPLY < <(compgen -f -- "$word")
  elif [ -n "$value" ]; then
    mapfile -t COMPREPLY < <(compgen -W "${{value#=}}" -- "$word")
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
                     fmt::join(names_of(commands), " "), cases, outputs());
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
