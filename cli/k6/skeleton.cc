#include "cli/k6/skeleton.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <optional>
#include <regex>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "cli/k6/javascript.h"
#include "cli/k6/literal.h"
#include "cli/lua_text.h"

namespace perigee::k6 {
namespace {

struct Name {
  std::string_view there;
  std::string_view here;
};

// What scripts import, and the local that stands for it here with what it requires.
constexpr std::array<Name, 17> kModules{{{"k6", "perigee"},
                                         {"k6/crypto", "crypto"},
                                         {"k6/data", "data"},
                                         {"k6/encoding", "encoding"},
                                         {"k6/execution", "execution"},
                                         {"k6/experimental/csv", "data"},
                                         {"k6/experimental/fs", "data"},
                                         {"k6/experimental/websockets", "websocket"},
                                         {"k6/http", "http"},
                                         {"k6/metrics", "metrics"},
                                         {"k6/net/grpc", "grpc"},
                                         {"k6/websockets", "websocket"},
                                         {"k6/ws", "websocket"},
                                         {"k6/x/kafka", "kafka"},
                                         {"k6/x/kubernetes", "k8s"},
                                         {"k6-summary", "summary"},
                                         {"k6-utils", "random"}}};

// What is called by these names in JavaScript has others here.
constexpr std::array<Name, 33> kCalls{
    {{"check(", "perigee.check(value, checks)"},
     {"sleep(", "perigee.sleep(seconds)"},
     {"group(", "perigee.group(name, f)"},
     {"fail(", "perigee.fail(message)"},
     {"http.asyncRequest(", "http.async_request(method, url, body, params), and :await()"},
     {"http.batch(", "http.batch(requests)"},
     {"http.cookieJar(", "http.cookie_jar()"},
     {"http.CookieJar(", "http.new_cookie_jar()"},
     {"http.expectedStatuses(", "http.expected_statuses(...)"},
     {"http.setResponseCallback(", "http.set_response_callback(callback)"},
     {".json(", "res:json(path), with a colon"},
     {".html(", "text.between(res.body, left, right), of perigee.text"},
     {"JSON.parse(", "json.decode(text), of perigee.json"},
     {"JSON.stringify(", "json.encode(value), of perigee.json"},
     {"new SharedArray(", "data.shared(name, make)"},
     {"new Counter(", "metrics.counter(name)"},
     {"new Gauge(", "metrics.gauge(name)"},
     {"new Rate(", "metrics.rate(name)"},
     {"new Trend(", "metrics.trend(name, is_time)"},
     {".add(", "metric:add(value, tags), with a colon"},
     {"randomIntBetween(", "random.integer(low, high)"},
     {"randomItem(", "random.item(list)"},
     {"randomString(", "random.string(length)"},
     {"uuidv4(", "random.uuid()"},
     {"findBetween(", "text.between(s, left, right), of perigee.text"},
     {"textSummary(", "summary.text(data, options)"},
     {"Math.random(", "math.random()"},
     {"Math.floor(", "math.floor(x)"},
     {"Date.now(", "perigee.now()"},
     {"setTimeout(", "perigee.sleep(seconds), or ws:set_timeout(f, ms)"},
     {"Promise.all(", "http.batch(requests)"},
     {"Promise.race(", "http.race(promises)"},
     {"exec.", "execution.scenario, .vu, .instance and .test, with fields in snake_case"}}};

bool is_word(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || c == '$' || c == '.';
}

// Whether `text` calls it; what a longer name ends in is another one.
bool calls(std::string_view text, std::string_view call) {
  for (size_t at = text.find(call); at != std::string_view::npos; at = text.find(call, at + 1)) {
    if (at == 0 || call.front() == '.' || !is_word(text[at - 1])) return true;
  }
  return false;
}

size_t line_of(std::string_view text, size_t at) {
  return static_cast<size_t>(std::count(text.begin(), text.begin() + static_cast<long>(at), '\n')) +
         1;
}

// The text as comments, without the end of a line at its end.
std::string commented(std::string_view text, std::string_view indent) {
  std::string lines;
  while (!text.empty()) {
    std::string_view line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(line.size() + 1, text.size()));
    if (line.ends_with('\r')) line.remove_suffix(1);
    lines += fmt::format("{}--{}{}\n", indent, line.empty() ? "" : " ", line);
  }
  return lines;
}

// The script with its comments, strings and templates blanked out, so that nothing in them is taken
// for code. Positions stay.
std::string without_quotes(std::string_view script) {
  std::string code(script);
  for (size_t at = 0; at < script.size();) {
    const size_t end = skip_quoted(script, at);
    for (size_t i = at; i < end; ++i)
      if (code[i] != '\n') code[i] = ' ';
    at = std::max(end, at + 1);
  }
  return code;
}

// A part of the script that is taken over; what lies between two of them becomes comments.
struct Part {
  enum class Kind { kImport, kOptions, kFunction };
  Kind kind = Kind::kImport;
  size_t from = 0;
  size_t end = 0;
  size_t body = 0;  // of a function, behind its brace
  std::string name{};
  std::string parameters{};
};

// Finds the parts, in the order of the script.
class Finder {
 public:
  explicit Finder(std::string_view script) : script_(script), code_(without_quotes(script)) {}

  std::vector<Part> find() {
    static const std::regex kImport(R"(import\b[^;\n]*(\{[^}]*\}[^;\n]*)?;?)");
    static const std::regex kOptions(
        R"(export\s+(?:const|let|var)\s+options\s*(?::\s*\w+\s*)?=\s*)");
    static const std::regex kDefault(
        R"(export\s+default\s+(?:async\s*)?(?:function\s*[\w$]*\s*)?\(([^)]*)\)\s*(?:=>)?\s*\{)");
    static const std::regex kNamed(
        R"((?:export\s+)?(?:async\s+)?function\s+([\w$]+)\s*\(([^)]*)\)\s*\{)");
    static const std::regex kAssigned(
        R"((?:export\s+)?(?:const|let|var)\s+([\w$]+)\s*=\s*(?:async\s*)?(?:function\s*[\w$]*\s*)?\(([^)]*)\)\s*(?:=>)?\s*\{)");
    each(kImport, [&](const std::smatch& found, Part part) {
      part.kind = Part::Kind::kImport;
      part.end = part.from + static_cast<size_t>(found.length());
      add(std::move(part));
    });
    each(kOptions, [&](const std::smatch& found, Part part) {
      part.kind = Part::Kind::kOptions;
      part.body = part.from + static_cast<size_t>(found.length());
      part.end = end_of_expression(script_, part.body);
      if (part.end < script_.size() && script_[part.end] == ';') ++part.end;
      add(std::move(part));
    });
    each(kDefault, [&](const std::smatch& found, Part part) {
      part.name = "default";
      add_function(found, std::move(part), found[1].str());
    });
    for (const std::regex* pattern : {&kNamed, &kAssigned}) {
      each(*pattern, [&](const std::smatch& found, Part part) {
        part.name = found[1].str();
        add_function(found, std::move(part), found[2].str());
      });
    }
    std::sort(parts_.begin(), parts_.end(),
              [](const Part& one, const Part& other) { return one.from < other.from; });
    return std::move(parts_);
  }

 private:
  // Calls `use` with each match that begins a line: what is indented belongs to something else.
  template <typename Use>
  void each(const std::regex& pattern, const Use& use) {
    for (std::sregex_iterator found(code_.begin(), code_.end(), pattern), end; found != end;
         ++found) {
      const auto from = static_cast<size_t>(found->position());
      if (from == 0 || code_[from - 1] == '\n') use(*found, Part{.from = from});
    }
  }

  void add_function(const std::smatch& found, Part part, const std::string& parameters) {
    part.kind = Part::Kind::kFunction;
    part.body = part.from + static_cast<size_t>(found.length());
    part.end = end_of_brackets(script_, part.body - 1);
    part.parameters = parameters;
    add(std::move(part));
  }

  // What overlaps with a part that is there is the same, or within it.
  void add(Part part) {
    const bool is_new = std::none_of(parts_.begin(), parts_.end(), [&](const Part& known) {
      return part.from < known.end && known.from < part.end;
    });
    if (is_new) parts_.push_back(std::move(part));
  }

  const std::string_view script_;
  const std::string code_;
  std::vector<Part> parts_;
};

class Writer {
 public:
  Writer(std::string_view script, std::string_view name)
      : script_(script), name_(name), parts_(Finder(script).find()) {}

  std::string write() {
    text_ = fmt::format(
        "-- From {}, as far as that goes without a guess: the options are taken over, the\n"
        "-- functions are comments, each with the names that its calls have here.\n"
        "-- perigee help from-k6 has all names, perigee help lua what Lua means otherwise.\n",
        name_);
    write_imports();
    text_ += "\nlocal M = {}\n\n";
    size_t at = 0;
    for (const Part& part : parts_) {
      write_rest(at, part.from);
      if (part.kind == Part::Kind::kOptions) write_options(part);
      if (part.kind == Part::Kind::kFunction) write_function(part);
      at = part.end;
    }
    write_rest(at, script_.size());
    text_ += "return M\n";
    return std::move(text_);
  }

 private:
  void write_imports() {
    std::set<std::string_view> locals{"perigee"};
    std::string unknown;
    for (const Part& part : parts_) {
      if (part.kind != Part::Kind::kImport) continue;
      const std::string_view text = script_.substr(part.from, part.end - part.from);
      if (const auto local = local_of(module_of(text))) {
        locals.insert(*local);
      } else {
        unknown += "-- No module of perigee is known for this one:\n" + commented(text, "");
      }
    }
    for (const std::string_view local : locals)
      text_ += fmt::format("local {} = require \"{}{}\"\n", local,
                           local == "perigee" ? "" : "perigee.", local);
    text_ += unknown;
  }

  // What stands between the last quotation marks.
  static std::string_view module_of(std::string_view import) {
    const size_t last = import.find_last_of("'\"");
    if (last == std::string_view::npos || last == 0) return {};
    const size_t first = import.find_last_of("'\"", last - 1);
    return first == std::string_view::npos ? std::string_view()
                                           : import.substr(first + 1, last - first - 1);
  }

  // Addresses of k6's own libraries hold their names: ".../k6-utils/1.4.0/index.js".
  static std::optional<std::string_view> local_of(std::string_view module) {
    for (const auto& [there, here] : kModules) {
      const bool is_library = there.starts_with("k6-");
      if (module == there || (is_library && module.find(there) != std::string_view::npos))
        return here;
    }
    return std::nullopt;
  }

  // What is taken over by nothing else.
  void write_rest(size_t from, size_t end) {
    const std::string_view rest = trimmed(script_.substr(from, end - from));
    if (rest.find_first_not_of(" \t\r\n;") == std::string_view::npos) return;
    text_ += commented(rest, "");
    write_names(rest, "");
    text_ += '\n';
  }

  void write_options(const Part& part) {
    const std::string_view value = script_.substr(part.body, part.end - part.body);
    if (value.starts_with('{')) {
      text_ += "M.options = " + lua_of_object(value) + "\n\n";
      return;
    }
    text_ += fmt::format(
        "-- These options are computed. k6 inspect {0} > options.json writes them, and\n"
        "-- perigee run -c options.json takes them:\n{1}\n",
        name_, commented(script_.substr(part.from, part.end - part.from), ""));
  }

  void write_function(const Part& part) {
    const bool is_exported = script_.substr(part.from).starts_with("export");
    text_ += fmt::format("-- {}, line {}\n", name_, line_of(script_, part.from));
    text_ += fmt::format("{}{}({})\n", is_exported ? "function M." : "local function ", part.name,
                         lua_parameters(part.parameters));
    const std::string_view body =
        trimmed(script_.substr(part.body, std::max(part.end, part.body + 1) - part.body - 1));
    text_ += commented(body, "  ");
    write_names(body, "  ");
    text_ +=
        fmt::format("  error({})\nend\n\n",
                    lua_string(fmt::format("{} of {} has not been ported yet", part.name, name_)));
  }

  // Plain names only; a pattern is none that Lua could take.
  static std::string lua_parameters(const std::string& list) {
    const bool is_plain = std::all_of(list.begin(), list.end(), [](char c) {
      return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || c == ',' || c == ' ';
    });
    return is_plain ? list : "...";
  }

  static std::string_view trimmed(std::string_view text) {
    while (text.starts_with('\n') || text.starts_with('\r'))
      text.remove_prefix(1);
    const size_t last = text.find_last_not_of(" \t\r\n");
    return text.substr(0, last == std::string_view::npos ? 0 : last + 1);
  }

  void write_names(std::string_view text, std::string_view indent) {
    const std::string code = without_quotes(text);
    for (const auto& [there, here] : kCalls) {
      if (calls(code, there))
        text_ +=
            fmt::format("{}-- here: {} is {}\n", indent, there.substr(0, there.find('(')), here);
    }
  }

  const std::string_view script_;
  const std::string_view name_;
  const std::vector<Part> parts_;
  std::string text_;
};

}  // namespace

std::string skeleton(std::string_view script, std::string_view name) {
  return Writer(script, name).write();
}

}  // namespace perigee::k6
