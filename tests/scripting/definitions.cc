#include "tests/scripting/definitions.h"

#include <algorithm>
#include <cctype>
#include <filesystem>
#include <fstream>
#include <map>
#include <regex>

namespace perigee {
namespace {

std::vector<std::string> lines_of(const std::filesystem::path& path) {
  std::vector<std::string> lines;
  std::ifstream file(path);
  for (std::string line; std::getline(file, line);)
    lines.push_back(line);
  return lines;
}

std::vector<std::filesystem::path> definition_files() {
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::recursive_directory_iterator("scripting/library")) {
    if (entry.path().extension() == ".lua") files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  return files;
}

// What the names of types stand for that are unions of others.
std::map<std::string, std::string> aliases() {
  const std::regex line_of(R"(---@alias ([\w.]+) ?(.*))");
  std::map<std::string, std::string> found;
  for (const auto& file : definition_files()) {
    for (const std::string& line : lines_of(file)) {
      std::smatch match;
      if (!std::regex_match(line, match, line_of)) continue;
      // What follows on lines of its own is words.
      found[match[1]] = match[2].length() > 0 ? match[2].str() : "\"word\"";
    }
  }
  return found;
}

// The type at the beginning of the text behind a parameter's name.
std::string type_in(const std::string& text) {
  int depth = 0;
  for (size_t i = 0; i < text.size(); ++i) {
    if (std::string("(<{[").find(text[i]) != std::string::npos) ++depth;
    if (std::string(")>}]").find(text[i]) != std::string::npos) --depth;
    const bool goes_on = i > 0 && (text[i - 1] == ':' || text[i - 1] == ',');
    if (text[i] == ' ' && depth == 0 && !goes_on) return text.substr(0, i);
  }
  return text;
}

std::string resolved(std::string type, const std::map<std::string, std::string>& known) {
  for (int round = 0; round < 3; ++round) {
    for (const auto& [name, meaning] : known) {
      const size_t at = type.find(name);
      if (at == std::string::npos) continue;
      const size_t end = at + name.size();
      if (end < type.size() && (std::isalnum(static_cast<unsigned char>(type[end])) != 0)) continue;
      type.replace(at, name.size(), meaning);
    }
  }
  return type;
}

}  // namespace

std::vector<Definition> definitions() {
  const auto known = aliases();
  const std::regex param_of(R"(---@param ([\w.]+)(\??) (.*))");
  const std::regex function_of(R"(function (?:([\w.]+)([.:]))?(\w+)\(.*\).* end)");
  std::vector<Definition> found;
  for (const auto& file : definition_files()) {
    Definition next;
    for (const std::string& line : lines_of(file)) {
      std::smatch match;
      if (std::regex_match(line, match, param_of)) {
        next.parameters.push_back(
            {match[1], resolved(type_in(match[3]), known), match[2].length() > 0});
      } else if (std::regex_match(line, match, function_of)) {
        next.table = match[1];
        next.is_method = match[2] == ":";
        next.name = match[3];
        found.push_back(next);
        next = {};
      } else if (!line.starts_with("---")) {
        next = {};
      }
    }
  }
  return found;
}

}  // namespace perigee
