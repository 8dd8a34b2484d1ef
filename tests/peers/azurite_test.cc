// perigee.storage against Azurite, which checks signatures; see tests/peers/with_azurite.
#include <doctest/doctest.h>

#include "tests/process/script_run.h"

namespace perigee {
namespace {

// One iteration of this body, which must end without an error.
struct Iteration : ScriptRun {
  explicit Iteration(const std::string& body)
      : ScriptRun(
            "local storage = require 'perigee.storage'\n"
            "local box = 'az://devstoreaccount1/results'\nreturn { default = function()\n" +
            body + "\nend }") {
    CHECK_MESSAGE(exit_code() == 0, log());
    CHECK_MESSAGE(count("iteration_errors") == 0, log());
  }
};

TEST_CASE("Azurite keeps what is put there, under every name and of every size") {
  const Iteration run(R"lua(
    local names = { "a b+c%d.txt", "é/ü.json", "we&ird<>'\"$,:=@;!*()~", "one", "empty" }
    for i, name in ipairs(names) do
      local data, uri = ("x"):rep(#names - i), box .. "/names/" .. name
      assert(assert(storage.put(uri, data)).size == #data)
      assert(assert(storage.get(uri)) == data, name)
    end
    local seen = {}
    for _, item in ipairs(assert(storage.list(box .. "/names"))) do
      seen[item.name] = item.size
      assert(item.modified and assert(storage.get(item.uri)))
    end
    for i, name in ipairs(names) do
      assert(seen[name] == #names - i, name)
      assert(storage.delete(box .. "/names/" .. name))
      assert(storage.delete(box .. "/names/" .. name))
    end
    assert(#storage.list(box .. "/names/") == 0)
  )lua");
}

TEST_CASE("Azurite gets what is large in blocks, and gives it into a file") {
  const ScratchFolder folder;
  const Iteration run(R"lua(
    local data = {}
    for i = 1, 200000 do data[i] = ("%07d"):format(i) end
    data = table.concat(data)
    assert(storage.put(box .. "/big", data, { part_size = 524288 }))
    local path = ")lua" +
                      folder / "back" + R"lua("
    assert(storage.get(box .. "/big", { file = path }).size == #data)
    assert(storage.get(path) == data)
  )lua");
}

TEST_CASE("Azurite says why it refuses, and the failure passes it on") {
  const Iteration run(R"lua(
    local function expect(code, _, failure)
      assert(failure and failure.code == code, tostring(failure))
    end
    expect("BlobNotFound", storage.get(box .. "/nothing"))
    expect("ContainerNotFound", storage.delete("az://devstoreaccount1/none/x"))
    expect("ContainerNotFound", storage.put("az://devstoreaccount1/none/x", "x"))
    local endpoint = __ENV.AZURE_STORAGE_CONNECTION_STRING:match("BlobEndpoint=([^;]+)")
    expect("AuthorizationFailure", storage.get(box .. "/x", {
      azure_account_key = "AAAA", endpoint = endpoint }))
  )lua");
}

}  // namespace
}  // namespace perigee
