// storage.* in folders, and what URIs say.
#include <filesystem>
#include <fstream>

#include "tests/modules/storage/cloud_run.h"

namespace perigee {
namespace {

TEST_CASE("what is put into a folder comes back, under every name and of every size") {
  const ScratchFolder folder;
  const CloudRun run(folder, R"lua(
    local names = { "a b+c%d.txt", "é/ü.bin", "plain", "empty" }
    for _, base in ipairs { folder .. "kept", "file://" .. folder .. "kept" } do
      for i, name in ipairs(names) do
        local text = ("x"):rep(4 - i)
        assert(assert(storage.put(base .. "/" .. name, text)).size == 4 - i)
        assert(storage.get(base .. "/" .. name) == text)
      end
      local list = {}
      for i, item in ipairs(assert(storage.list(base))) do
        list[i] = item.name .. "=" .. item.size
        assert(storage.get(item.uri))
      end
      print(table.concat(list, ", "))
      for _, name in ipairs(names) do
        assert(storage.delete(base .. "/" .. name) and storage.delete(base .. "/" .. name))
      end
      assert(#storage.list(base) == 0)
    end
  )lua",
                     {});
  CHECK_MESSAGE(run.says("a b+c%d.txt=3, empty=0, plain=1, é/ü.bin=2"), run.text());
  CHECK_FALSE(run.says("level=error"));
}

TEST_CASE("a folder is uploaded with its names, and a file to the name or the folder given") {
  const ScratchFolder folder;
  std::filesystem::create_directories(folder / "results/deep");
  std::ofstream(folder / "results/a.csv") << "1,2";
  std::ofstream(folder / "results/deep/b.json") << "{}";
  const CloudRun run(folder, R"lua(
    for _, file in ipairs(assert(storage.upload("results", folder .. "kept"))) do
      print(file.path .. " " .. file.size)
    end
    assert(storage.upload("results/a.csv", folder .. "kept/other.csv"))
    assert(storage.upload("results/a.csv", folder .. "kept/more/"))
    assert(storage.get(folder .. "kept/deep/b.json", { file = folder .. "back/b" }).size == 2)
    for _, name in ipairs { "a.csv", "other.csv", "more/a.csv" } do
      assert(storage.get(folder .. "kept/" .. name) == "1,2")
    end
    assert(storage.get(folder .. "back/b") == "{}")
    print("all is there")
  )lua",
                     {});
  CHECK_MESSAGE(run.says("all is there"), run.text());
  CHECK(run.says("results/a.csv 3"));
  CHECK(run.says("results/deep/b.json 2"));
}

TEST_CASE("a failure is a value that says where it was and why") {
  const ScratchFolder folder;
  const CloudRun run(folder, R"lua(
    local value, failure = storage.get("/nowhere/x")
    print(value, failure.code, failure)
    print(select(2, storage.put("/proc/x/y", "data")))
  )lua",
                     {});
  CHECK_MESSAGE(run.says("nil\tFile\t/nowhere/x: get: /nowhere/x: No such file or directory"),
                run.text());
  CHECK(run.says("/proc/x/y: put: /proc/x: No such file or directory"));
}

TEST_CASE("a URI that can't be read is an error that shows the forms") {
  const ScratchFolder folder;
  const CloudRun run(folder, R"lua(
    for _, uri in ipairs { "s4://b/x", "s3://", "s3:///x", "pvc://claim", "file://host/x", "" } do
      print(select(2, pcall(storage.get, uri)))
    end
    print(select(2, pcall(storage.put, "s3://bucket/folder/", "x")))
    print(select(2, pcall(storage.put, "x/y", "x", { contenttype = "a/b" })))
  )lua",
                     {});
  CHECK_MESSAGE(run.says("\"s4://b/x\" begins with \"s4\", which is not known: the forms are "
                         "s3://bucket[@region]/path, "),
                run.text());
  CHECK(run.says("\"s3://\" names no bucket"));
  CHECK(run.says("\"s3:///x\" names no bucket"));
  CHECK(run.says("\"pvc://claim\" names no claim and path"));
  CHECK(run.says("\"file://host/x\" is no URI of a file"));
  CHECK(run.says("\"\" is no place"));
  CHECK(run.says("\"s3://bucket/folder/\" names a folder: a name belongs behind it"));
  CHECK(run.says("storage.put: there is no setting \"contenttype\"; there are: aws_access_key_id"));
}

TEST_CASE("a claim is where it is mounted, and one that is not mounted is an error") {
  const ScratchFolder folder;
  const CloudRun mounted(folder, R"lua(
    assert(storage.put("pvc://space:claim/results/x", "y"))
    print("it holds " .. storage.get(folder .. "results/x"))
  )lua",
                         {{"PERIGEE_PVC_FOLDER", folder / "."}});
  CHECK_MESSAGE(mounted.says("it holds y"), mounted.text());
  const CloudRun missing(folder, "storage.put('pvc://claim/not-there/x', 'y')", {});
  CHECK_MESSAGE(
      missing.says("pvc://claim/not-there/x: the claim \"claim\" is not mounted: mount its path at "
                   "/not-there/x, or all of it at a folder that the variable PERIGEE_PVC_FOLDER "
                   "names"),
      missing.text());
}

}  // namespace
}  // namespace perigee
