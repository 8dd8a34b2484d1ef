// Reads the text of a JSON path.
#include <algorithm>
#include <array>
#include <charconv>
#include <stdexcept>

#include <fmt/format.h>

#include "scripting/json_path_step.h"

namespace perigee {
namespace {

constexpr std::array<std::string_view, 13> kModifiers{
    "reverse", "ugly",    "pretty", "this",    "valid", "keys", "values",
    "tostr",   "fromstr", "group",  "flatten", "join",  "dig"};

std::string_view trimmed(std::string_view text) {
  const auto blank = [](char c) { return static_cast<unsigned char>(c) <= ' '; };
  while (!text.empty() && blank(text.front()))
    text.remove_prefix(1);
  while (!text.empty() && blank(text.back()))
    text.remove_suffix(1);
  return text;
}

std::optional<size_t> index_of(std::string_view key) {
  size_t index = 0;
  const auto [last, error] = std::from_chars(key.data(), key.data() + key.size(), index);
  if (key.empty() || error != std::errc() || last != key.data() + key.size()) return std::nullopt;
  return index;
}

}  // namespace

class JsonPathParser {
 public:
  using Step = JsonPath::Step;
  using Query = JsonPath::Query;
  using Operator = Query::Operator;

  explicit JsonPathParser(std::string_view text) : text_(text) {}

  std::vector<JsonPath::Steps> parse() {
    if (text_.empty()) refuse("it is empty; leave it out for the whole document");
    if (text_.starts_with("..")) refuse("\"..\" (JSON lines) is not supported; split the lines");
    std::vector<JsonPath::Steps> pipes(1);
    for (;;) {
      pipes.back().push_back(step());
      if (at_ == text_.size()) return pipes;
      if (text_[at_++] == '|') pipes.emplace_back();
    }
  }

 private:
  [[noreturn]] void refuse(std::string_view what) const {
    throw std::runtime_error(fmt::format("the JSON path \"{}\": {}", text_, what));
  }

  bool at_separator() const {
    return at_ == text_.size() || text_[at_] == '.' || text_[at_] == '|';
  }

  Step step() {
    refuse_extensions();
    if (text_.substr(at_).starts_with("#(") || text_.substr(at_).starts_with("#[")) {
      Step step;
      step.query = std::make_unique<Query>(query());
      return step;
    }
    return key();
  }

  void refuse_extensions() const {
    const std::string_view rest = text_.substr(at_);
    if (rest.starts_with('{') || rest.starts_with('[')) {
      refuse(
          fmt::format("multipaths ({0}...) are not supported; look up each value for itself "
                      "(a key that begins so is written \\{0})",
                      rest[0]));
    }
    if (rest.starts_with('!')) {
      refuse("literals (!...) are not supported (a key that begins so is written \\!)");
    }
    if (!rest.starts_with('@')) return;
    const std::string_view name = rest.substr(1, rest.substr(1).find_first_of(".|:"));
    if (std::find(kModifiers.begin(), kModifiers.end(), name) == kModifiers.end()) return;
    refuse(
        fmt::format("modifiers (@{0}) are not supported; change the value in Lua (a key of this "
                    "name is written \\@{0})",
                    name));
  }

  // Up to the next separator. What is escaped stays so only in patterns.
  Step key() {
    Step step;
    std::string plain;
    bool escaped = false;
    for (; !at_separator(); ++at_) {
      if (text_[at_] == '\\' && at_ + 1 < text_.size()) {
        escaped = true;
        step.key += text_[at_++];
      } else if (text_[at_] == '*' || text_[at_] == '?') {
        step.wild = true;
      }
      step.key += text_[at_];
      plain += text_[at_];
    }
    if (!step.wild) step.key = std::move(plain);
    step.each = !escaped && step.key == "#";
    step.index = index_of(step.key);
    return step;
  }

  Query query() {
    at_ += 2;
    const size_t begin = at_;
    const size_t op = find_end_of_query();
    const std::string_view path = trimmed(text_.substr(begin, std::min(op, at_) - begin));
    Query query;
    if (op < at_) read_comparison(text_.substr(op, at_ - op), query);
    if (!path.empty()) query.path = JsonPath(path);
    if (path.empty() && query.op == Operator::kExists) refuse("a query is empty: #()");
    ++at_;
    if (at_ < text_.size() && text_[at_] == '#') {
      query.all = true;
      ++at_;
    }
    if (!at_separator()) refuse("after a query comes \".\", \"|\" or \"#\"");
    return query;
  }

  // Moves to the bracket that closes the query; returns where its operator begins, or npos.
  size_t find_end_of_query() {
    size_t op = std::string_view::npos;
    bool quoted = false;
    int depth = 1;
    for (; at_ < text_.size(); ++at_) {
      const char c = text_[at_];
      if (c == '\\') {
        ++at_;
      } else if (c == '"') {
        quoted = !quoted;
      } else if (quoted) {
        continue;
      } else if (c == '(' || c == '[') {
        ++depth;
      } else if (c == ')' || c == ']') {
        if (--depth == 0) return op;
      } else if (depth == 1 && op == std::string_view::npos &&
                 std::string_view("!=<>%").find(c) != std::string_view::npos) {
        op = at_;
      }
    }
    refuse("a query is not closed: \")\" is missing");
  }

  void read_comparison(std::string_view text, Query& query) const {
    struct Spelling {
      std::string_view text;
      Operator op;
    };
    // Longer ones first.
    constexpr std::array<Spelling, 9> kSpellings{{{"==", Operator::kEqual},
                                                  {"!=", Operator::kNotEqual},
                                                  {"!%", Operator::kNotLike},
                                                  {"<=", Operator::kLessEqual},
                                                  {">=", Operator::kMoreEqual},
                                                  {"=", Operator::kEqual},
                                                  {"<", Operator::kLess},
                                                  {">", Operator::kMore},
                                                  {"%", Operator::kLike}}};
    const auto* const found =
        std::find_if(kSpellings.begin(), kSpellings.end(),
                     [&](const Spelling& spelling) { return text.starts_with(spelling.text); });
    if (found == kSpellings.end()) {
      refuse("a query compares with ==, !=, <, <=, >, >=, % (like) or !% (not like)");
    }
    query.op = found->op;
    query.value = value(trimmed(text.substr(found->text.size())));
  }

  std::string value(std::string_view text) const {
    if (text.starts_with('~')) {
      refuse(
          "values that begin with ~ are not supported; gather the elements and filter them in Lua");
    }
    if (text.size() < 2 || text.front() != '"' || text.back() != '"') return std::string(text);
    const auto parsed = nlohmann::json::parse(text, nullptr, /*allow_exceptions=*/false);
    if (!parsed.is_string()) refuse(fmt::format("{} is no JSON string", text));
    return parsed.get<std::string>();
  }

  std::string_view text_;
  size_t at_ = 0;
};

JsonPath::JsonPath(std::string_view text) : pipes_(JsonPathParser(text).parse()) {}

}  // namespace perigee
