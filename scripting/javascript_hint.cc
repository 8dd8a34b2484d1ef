#include "scripting/javascript_hint.h"

#include <charconv>
#include <cstddef>
#include <regex>
#include <string>
#include <vector>

#include <fmt/format.h>

namespace perigee {
namespace {

struct Habit {
  std::regex pattern;
  const char* javascript;
  const char* lua;
};

// The first one that a line has is the one to name.
const std::vector<Habit>& habits() {
  static const std::vector<Habit> kHabits = [] {
    const auto pattern = [](const char* text) {
      return std::regex(text, std::regex::ECMAScript | std::regex::optimize);
    };
    return std::vector<Habit>{
        {pattern(R"(^\s*import\b)"), "import", R"(local http = require "perigee.http")"},
        {pattern(R"(\bexport\s+(default|const|let|function|async)\b)"), "export",
         "function M.default() ... end, and return M at the end of the file"},
        {pattern("`"), "`...${x}`", R"(("...%s"):format(x))"},
        {pattern("=>"), "x => y", "function(x) return y end"},
        {pattern(R"(\basync\b|\bawait\b)"), "async and await",
         "the call alone: one that waits lets other VUs go on"},
        {pattern(R"(\b(const|let|var)\s+[\w${\[])"), "const, let and var", "local"},
        {pattern("!=="), "!==", "~="},
        {pattern("!="), "!=", "~="},
        {pattern("==="), "===", "=="},
        {pattern("&&"), "&&", "and"},
        {pattern(R"(\|\|)"), "||", "or"},
        {pattern(R"(\?\?|\?\.)"), "?? and ?.", "a == nil and b or a"},
        {pattern(R"(\+\+|[-+*/]=)"), "x += 1 and x++", "x = x + 1"},
        {pattern(R"(\bcontinue\b)"), "continue",
         "goto continue, and ::continue:: before the end of the loop"},
        {pattern(R"(\btry\s*\{|\bcatch\b)"), "try and catch", "pcall(function() ... end)"},
        {pattern(R"(\bthrow\b)"), "throw", "error(...)"},
        {pattern(R"(\bswitch\s*\()"), "switch", "if ... then ... elseif ... then ... end"},
        {pattern(R"(\belse\s+if\b)"), "else if", "elseif ... then"},
        {pattern(R"(\bnew\s+[A-Za-z_])"), "new X(...)", "the function that makes one, without new"},
        {pattern(R"(\btypeof\b)"), "typeof x", "type(x)"},
        {pattern(R"(//)"), "//", "--"},
        {pattern(R"(/\*|^\s*\*)"), "/* ... */", "--[[ ... ]]"},
        {pattern(R"(![\w(])"), "!x", "not x"},
        {pattern(R"(\?[^:]*:)"), "a ? b : c", "a and b or c"},
        {pattern(R"(\b(if|for|while|function)\b.*\{\s*$|\belse\s*\{|^\s*\})"),
         "{ ... } around statements",
         "then ... end, do ... end, or nothing but end behind a function"},
    };
  }();
  return kHabits;
}

// The line without what stands in quotes and behind "--".
std::string code_of(std::string_view line) {
  std::string code;
  char quote = 0;
  for (size_t i = 0; i < line.size(); ++i) {
    const char c = line[i];
    if (quote == 0 && line.substr(i, 2) == "--") break;
    if (quote != 0 && c == '\\') {
      ++i;
    } else if (quote != 0 && c == quote) {
      quote = 0;
    } else if (quote == 0 && (c == '"' || c == '\'')) {
      quote = c;
    } else if (quote == 0) {
      code += c;
    }
  }
  return code;
}

// Counted from 1; 0 for a message without one.
size_t line_in(std::string_view message) {
  const size_t end = message.find(": ");
  const size_t begin = end == std::string_view::npos ? end : message.rfind(':', end - 1);
  size_t line = 0;
  if (begin != std::string_view::npos) {
    std::from_chars(message.data() + begin + 1, message.data() + end, line);
  }
  return line;
}

std::string_view line_of(std::string_view source, size_t number) {
  for (; number > 1 && !source.empty(); --number) {
    const size_t end = source.find('\n');
    source.remove_prefix(end == std::string_view::npos ? source.size() : end + 1);
  }
  return number == 0 ? std::string_view{} : source.substr(0, source.find('\n'));
}

}  // namespace

std::string javascript_hint(std::string_view source, std::string_view message) {
  const size_t at = line_in(message);
  for (size_t number = at; number > 0 && number + 1 >= at; --number) {
    const std::string code = code_of(line_of(source, number));
    for (const Habit& habit : habits()) {
      if (!std::regex_search(code, habit.pattern)) continue;
      return fmt::format(" (for JavaScript's {} write: {})", habit.javascript, habit.lua);
    }
  }
  return {};
}

}  // namespace perigee
