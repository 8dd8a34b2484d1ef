// What setup returns, on its way to VUs, teardown, handleSummary and files.
#include <fstream>

#include <doctest/doctest.h>

#include "tests/process/script_run.h"

namespace perigee {
namespace {

bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

size_t count(const std::string& text, const std::string& part) {
  size_t found = 0;
  for (size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1))
    ++found;
  return found;
}

// Each stage checks what it got.
constexpr const char* kBytes = R"lua(
local json = require "perigee.json"
local summary = require "perigee.summary"
local M = { options = { vus = 3, iterations = 30 } }
local page = "caf\233\0" .. string.rep("\255", 3)

local function check(data)
  assert(data.page == page, "the page has changed")
  assert(data.id == 2^53 and data.none ~= data.none and data.most == 1/0)
  assert(data.null == json.null and json.encode(data.list) == "[]")
end

function M.setup()
  return { page = page, id = 2^53, none = 0/0, most = 1/0, null = json.null, list = json.array() }
end
function M.default(data) check(data) end
function M.teardown(data) check(data) print("torn down") end
function M.handleSummary(data)
  check(data.setup_data)
  return { stdout = page, ["page.json"] = json.encode({ page }), ["text.txt"] = summary.text(data) }
end
return M
)lua";

}  // namespace

TEST_CASE("bytes, large numbers, NaN and json.null reach every VU, teardown and handleSummary") {
  ScriptRun run(kBytes);
  INFO(run.log());
  CHECK(run.exit_code() == 0);
  CHECK(run.count("iterations") == 30);
  CHECK(run.count("iteration_errors") == 0);
  CHECK(run.logged("torn down"));
  CHECK(run.out() == std::string("caf\xe9\0\xff\xff\xff", 8));
}

TEST_CASE("in files of JSON U+FFFD stands for what is not UTF-8, with one warning in a run") {
  ScriptRun run(kBytes);
  const nlohmann::json& data = run.summary()["setup_data"];
  CHECK(data["page"] == std::string("caf\xef\xbf\xbd\0\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd", 16));
  CHECK(data["id"] == 9007199254740992);
  CHECK(data["none"].is_null());
  CHECK(count(run.log(), "is not UTF-8") == 1);
  CHECK(has(unescaped(run.log()),
            R"(level=warning msg="script.lua:20: json.encode: the string "caf\\xe9\\x00\\xff)"));
}

TEST_CASE("names and tags of any bytes spoil no file, and are warned of once") {
  const ScratchFolder folder;
  std::ofstream(folder / "script.lua") << R"lua(
local perigee = require "perigee"
local execution = require "perigee.execution"
local M = { options = { iterations = 50 } }
function M.default()
  execution.vu.metrics.tags["na\239me"] = "caf\233"
  perigee.group("gr\252n", function() perigee.check(1, { ["\228hm"] = true }) end)
  print("gr\252n")
end
return M
)lua";
  const ProcessResult run = run_process(
      {perigee_program(), "run", "--quiet", "--log-format", "json", "--out", "json=lines.json",
       "--summary-export", "summary.json", "--tag", "who=\xfc", "script.lua"},
      {.folder = folder / ""});
  INFO(run.err);
  CHECK(run.exit_code == 0);
  CHECK(nlohmann::json::parse(read_text(folder / "summary.json"))["root_group"]["groups"].contains(
      "gr\xef\xbf\xbdn"));
  std::ifstream lines(folder / "lines.json");
  bool tagged = false;
  for (std::string line; std::getline(lines, line);) {
    const nlohmann::json row = nlohmann::json::parse(line, nullptr, false);
    REQUIRE_FALSE(row.is_discarded());
    tagged = tagged || (row["type"] == "Point" &&
                        row["data"]["tags"].value("na\xef\xbf\xbdme", "") == "caf\xef\xbf\xbd");
  }
  CHECK(tagged);
  CHECK(count(run.err, "is not UTF-8") == 1);
}

TEST_CASE("a response returned by setup is refused with what to return instead") {
  const ShortRun run = run_script(R"lua(
local http = require "perigee.http"
return {
  setup = function() return { login = http.get("http://127.0.0.1:1/") } end,
  default = function() end,
}
)lua");
  CHECK(run.exit_code == 107);
  CHECK(
      run.says("what setup() returned can't be given to the VUs: data.login is a response; return "
               "what is needed of it, such as res.body or res:json()"));
}

}  // namespace perigee
