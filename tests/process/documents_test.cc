// Every block of Lua in the documents, so that none shows what does not work.
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <regex>
#include <sstream>
#include <string>
#include <vector>

#include <doctest/doctest.h>
#include <fmt/format.h>

#include "tests/process/script_run.h"
#include "tests/support/target_process.h"

namespace perigee {
namespace {

struct Block {
  std::string document;
  size_t line;
  std::string text;
};

std::vector<Block> blocks_of(const std::string& document) {
  std::vector<Block> blocks;
  std::ifstream file(document);
  std::string text;
  bool within = false;
  for (size_t number = 1; std::getline(file, text); ++number) {
    if (within && text != "```") {
      blocks.back().text += text + '\n';
    } else if (text == "```lua") {
      blocks.push_back({document, number + 1, ""});
      within = true;
    } else {
      within = false;
    }
  }
  return blocks;
}

std::vector<std::string> documents() {
  std::vector<std::string> paths{"README.md"};
  for (const auto& entry : std::filesystem::directory_iterator("docs"))
    if (entry.path().extension() == ".md") paths.push_back(entry.path().string());
  std::sort(paths.begin(), paths.end());
  return paths;
}

// A block as a scenario. Modules are required, and what is init code is done, at the top; all else
// is an iteration, unless the block defines that itself. An expression with its value behind an
// arrow becomes a statement.
class Scenario {
 public:
  explicit Scenario(const std::string& block) {
    static const std::regex kRequire(R"(local [\w, ]+ = require\b.*perigee.*)");
    static const std::regex kInit(R"(http\.set_response_callback.*|.*-- init code.*)");
    static const std::regex kFrame(R"(local M = \{\}|return M)");
    static const std::regex kShown(R"((?!local|for|if|print|return|--)[#\w].*-->.*)");
    std::istringstream lines(block);
    for (std::string line; std::getline(lines, line);) {
      if (std::regex_match(line, kFrame)) continue;
      const bool is_top = std::regex_match(line, kRequire) || std::regex_match(line, kInit);
      if (std::regex_match(line, kShown)) line.insert(0, "_ = ");
      (is_top ? top_ : body_) += line + '\n';
    }
    for (const char* name : {"chat", "data", "encoding", "execution", "http", "json", "metrics",
                             "random", "summary", "websocket"})
      require_module(name, std::string("perigee.") + name);
    require_module("perigee", "perigee");
  }

  bool is_whole() const { return body_.find("\nfunction M.") != std::string::npos; }

  std::string text(const std::string& names = "") const {
    const std::string head = "local M, _ = {}, nil\n" + top_ + names;
    if (is_whole()) return head + body_ + "return M\n";
    return head + "function M.default()\n" + body_ + "end\nreturn M\n";
  }

 private:
  void require_module(const std::string& name, const std::string& module) {
    const std::regex known("local [^=\n]*\\b" + name + "\\b[^=\n]*=");
    if (!std::regex_search(top_, known))
      top_.insert(0, fmt::format("local {} = require \"{}\"\n", name, module));
  }

  std::string top_;
  std::string body_ = "\n";
};

// Names that examples use without saying what they are.
std::string example_names(const TargetProcess& target, const std::string& path) {
  return fmt::format(
      R"lua(local endpoint = "{0}"
local url, other, method = endpoint .. "{1}", endpoint .. "/cookies", "PUT"
local question = {{ role = "user", content = "Why does the sea have tides?" }}
local body = json.encode({{ model = "perigee", stream = true, messages = json.array({{ question }}) }})
local params = {{ headers = {{ ["Content-Type"] = "application/json" }} }}
local data, id, bodies = "bytes", 7, {{ body, body, body }}
local stream = {{ events = function() return function() end end, error = "" }}
local time_to_first_token = metrics.trend("time_to_first_token", true)
local inter_token_latency = metrics.trend("inter_token_latency", true)
local rows = 0
local function next_row()
  rows = rows + 1
  if rows == 1 then return ("x"):rep(4096) end
end
)lua",
      target.url(), path);
}

void replace_all(std::string& text, const std::string& what, const std::string& by) {
  for (size_t at = text.find(what); at != std::string::npos; at = text.find(what, at + by.size()))
    text.replace(at, what.size(), by);
}

// Without its scheme.
std::string address_of(const TargetProcess& target) {
  return target.url().substr(std::string_view("http://").size());
}

}  // namespace

TEST_CASE("every block of Lua in the documents is Lua, and names fields of modules that exist") {
  const ScratchFolder folder;
  std::ofstream(folder / "model.joblib") << "a model";
  size_t count = 0;
  for (const std::string& document : documents()) {
    for (const Block& block : blocks_of(document)) {
      INFO(document, ":", block.line);
      std::ofstream(folder / "block.lua") << Scenario(block.text).text();
      // A block may be a part of something, with names from elsewhere, and read files of its
      // reader.
      const ProcessResult result = run_process(
          {perigee_program(), "inspect", "--check", "block.lua"}, {.folder = folder / ""});
      CAPTURE(result.err);
      CHECK(result.err.find(" near '") == std::string::npos);
      CHECK(result.err.find("expected") == std::string::npos);
      CHECK(result.err.find("there is no perigee") == std::string::npos);
      ++count;
    }
  }
  CHECK(count > 50);
}

TEST_CASE("the examples of requests, streams and WebSockets run against the target") {
  const TargetProcess target;
  const ScratchFolder folder;
  std::ofstream(folder / "model.joblib") << "a model";
  for (const std::string document :
       {"README.md", "docs/requests.md", "docs/streams.md", "docs/websocket.md"}) {
    const bool is_chat = document == "docs/streams.md";
    for (const Block& block : blocks_of(document)) {
      INFO(document, ":", block.line);
      std::string text = block.text;
      replace_all(text, "127.0.0.1:9000", address_of(target));
      std::ofstream(folder / "block.lua")
          << Scenario(text).text(example_names(target, is_chat ? "/v1/chat/completions" : "/echo"));
      const ProcessResult result = run_process(
          {perigee_program(), "run", "-q", "-u", "1", "-i", "1", "--fail-on-errors", "block.lua"},
          {.folder = folder / ""});
      CHECK_MESSAGE(result.exit_code == 0, result.err);
    }
  }
}

}  // namespace perigee
