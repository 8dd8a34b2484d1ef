// What shared data costs, measured on the real program.
#include <fstream>

#include <doctest/doctest.h>
#include <fmt/format.h>

#include "tests/engine/output/scratch_folder.h"
#include "tests/support/process.h"

namespace perigee {
namespace {

// The resident memory in KB that VU `id` printed when it was made.
long resident_at(const std::string& log, int id) {
  const std::string mark = fmt::format("VU {} of ", id);
  const size_t at = log.find(mark);
  REQUIRE(at != std::string::npos);
  return std::stol(log.substr(at + mark.size()));
}

}  // namespace

TEST_CASE("100 VUs of 2 workers share 100,000 rows: their number costs no memory") {
  constexpr int kRows = 100'000;
  // What one copy takes in a Lua heap; 99 more would be two gigabytes.
  constexpr long kOneCopy = 20 * 1024;
  const ScratchFolder folder;
  {
    std::ofstream rows(folder / "rows.csv");
    rows << "id,name,address\n";
    for (int i = 1; i <= kRows; ++i)
      rows << i << ",user " << i << ",user" << i << "@example.org\n";
  }
  std::ofstream(folder / "script.lua") << R"lua(
local data = require "perigee.data"
local rows = data.csv("rows.csv", { asObjects = true })
local computed = data.shared("computed", function()
  local list = {}
  for i, row in rows:items() do list[i] = { id = tonumber(row.id), name = row.name } end
  return list
end)
local resident = open("/proc/self/status"):match("VmRSS:%s+(%d+)")
print("VU " .. __VU .. " of " .. resident)
local M = { options = { vus = 100, iterations = 10000 } }
function M.default()
  local row = rows:cycle()
  local i = tonumber(row.id)
  assert(computed[i].id == i and computed[i].name == row.name and row.name == "user " .. i)
end
return M
)lua";
  const ProcessResult run =
      run_process({perigee_program(), "run", "--quiet", "--workers", "2", "script.lua"},
                  {.folder = folder / ""});
  INFO(run.err);
  REQUIRE(run.exit_code == 0);
  CHECK(run.err.find("script error") == std::string::npos);
  CHECK(resident_at(run.err, 100) - resident_at(run.err, 1) < kOneCopy);
}

}  // namespace perigee
