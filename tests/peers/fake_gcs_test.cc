// perigee.storage against fake-gcs-server; see tests/peers/with_fake_gcs.
#include <doctest/doctest.h>

#include "tests/process/script_run.h"

namespace perigee {
namespace {

// One iteration of this body, which must end without an error.
struct Iteration : ScriptRun {
  explicit Iteration(const std::string& body)
      : ScriptRun("local storage = require 'perigee.storage'\nreturn { default = function()\n" +
                  body + "\nend }") {
    CHECK_MESSAGE(exit_code() == 0, log());
    CHECK_MESSAGE(count("iteration_errors") == 0, log());
  }
};

TEST_CASE("fake-gcs-server keeps what is put there, under every name and of every size") {
  const Iteration run(R"lua(
    local names = { "a b+c%d.txt", "é/ü.json", "one", "empty" }
    for i, name in ipairs(names) do
      local data, uri = ("x"):rep(#names - i), "gs://results/names/" .. name
      assert(assert(storage.put(uri, data)).size == #data)
      assert(assert(storage.get(uri)) == data, name)
    end
    local seen = {}
    for _, item in ipairs(assert(storage.list("gs://results/names"))) do
      seen[item.name] = item.size
    end
    for i, name in ipairs(names) do
      assert(seen[name] == #names - i, name)
      assert(storage.delete("gs://results/names/" .. name))
      assert(storage.delete("gs://results/names/" .. name))
    end
    assert(#storage.list("gs://results/names/") == 0)
    local _, failure = storage.get("gs://results/names/one")
    assert(failure.status == 404 and failure.code == "NotFound", tostring(failure))
  )lua");
}

TEST_CASE("fake-gcs-server gets what is large in chunks, and gives it into a file") {
  const ScratchFolder folder;
  const Iteration run(R"lua(
    local data = {}
    for i = 1, 200000 do data[i] = ("%07d"):format(i) end
    data = table.concat(data)
    assert(storage.put("gs://results/big", data, { part_size = 524288 }))
    local path = ")lua" +
                      folder / "back" + R"lua("
    assert(storage.get("gs://results/big", { file = path }).size == #data)
    assert(storage.get(path) == data)
  )lua");
}

}  // namespace
}  // namespace perigee
