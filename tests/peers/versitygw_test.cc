// perigee.storage and perigee.credentials against versitygw, which checks signatures; see
// tests/peers/with_versitygw.
#include <filesystem>
#include <fstream>
#include <string>

#include <doctest/doctest.h>

#include "tests/process/script_run.h"

namespace perigee {
namespace {

std::string variable(const char* name) {
  const char* value = std::getenv(name);
  REQUIRE_MESSAGE(value != nullptr, name);
  return value;
}

std::string bucket_file(const std::string& name) {
  return variable("VERSITYGW_FOLDER") + "/results/" + name;
}

// One iteration of this body, which must end without an error.
struct Iteration : ScriptRun {
  explicit Iteration(const std::string& body)
      : ScriptRun(
            "local credentials, storage = require 'perigee.credentials', "
            "require 'perigee.storage'\nlocal http = require 'perigee.http'\n"
            "return { default = function()\n" +
            body + "\nend }") {
    CHECK_MESSAGE(exit_code() == 0, log());
    CHECK_MESSAGE(count("iteration_errors") == 0, log());
  }
};

TEST_CASE("versitygw keeps what is put there, under every name and of every size") {
  Iteration run(R"lua(
    local names = { "a b+c%d.txt", "é/ü.json", "we&ird<>'\"$,:=@;!*()~", "one", "empty" }
    for i, name in ipairs(names) do
      local data, uri = ("x"):rep(#names - i), "s3://results/names/" .. name
      local done = assert(storage.put(uri, data))
      assert(done.size == #data and #done.etag == 32)
      assert(assert(storage.get(uri)) == data, name)
    end
    local seen = {}
    for _, item in ipairs(assert(storage.list("s3://results/names"))) do
      seen[item.name] = item.size
      assert(item.modified and assert(storage.get(item.uri)))
    end
    for i, name in ipairs(names) do
      assert(seen[name] == #names - i, name)
      assert(storage.delete("s3://results/names/" .. name))
    end
    assert(#storage.list("s3://results/names/") == 0)
  )lua");
  CHECK(run.count("http_req_failed") == 0);
}

TEST_CASE("versitygw gets five hundred small files of a folder, and gives their list") {
  const ScratchFolder folder;
  std::filesystem::create_directories(folder / "many/deep er");
  for (int i = 0; i < 500; ++i) {
    const std::string name = (i % 2 == 0 ? "many/" : "many/deep er/") + std::to_string(i);
    std::ofstream(folder / name) << i;
  }
  const Iteration run("local files = assert(storage.upload('" + (folder / "many") +
                      R"lua(', "s3://results/many"))
    assert(#files == 500)
    local items = assert(storage.list("s3://results/many"))
    assert(#items == 500, #items)
    for _, item in ipairs(items) do
      assert(assert(storage.get(item.uri)) == item.name:match("%d+$"), item.name)
    end
  )lua");
  CHECK(read_text(bucket_file("many/deep er/499")) == "499");
}

TEST_CASE("versitygw keeps a file that goes in parts as it is") {
  std::string text;
  for (int i = 0; text.size() < (12U << 20U); ++i)
    text += std::to_string(i) + "\n";
  const ScratchFolder folder;
  std::ofstream(folder / "numbers.txt") << text;
  const Iteration run(R"lua(
    local path = ")lua" +
                      folder / "numbers.txt" + R"lua("
    local file = assert(storage.put("s3://results/in parts.txt", { file = path },
      { part_size = 5 * 1024 * 1024 }))
    assert(file.etag:find("%-3$"), file.etag)
    assert(storage.get("s3://results/in parts.txt", { file = path .. ".back" }).size == file.size)
  )lua");
  CHECK(read_text(bucket_file("in parts.txt")) == text);
  CHECK(read_text(folder / "numbers.txt.back") == text);
}

TEST_CASE("versitygw says why it refuses, and the failure passes it on") {
  const Iteration run(R"lua(
    local function expect(code, _, failure)
      assert(failure and failure.code == code, tostring(failure))
    end
    expect("NoSuchKey", storage.get("s3://results/nothing"))
    expect("NoSuchBucket", storage.put("s3://no-such-bucket/x", "x"))
    expect("SignatureDoesNotMatch", storage.put("s3://results/x", "x", {
      aws_access_key_id = __ENV.AWS_ACCESS_KEY_ID, aws_secret_access_key = "wrong" }))
    expect("XAdminUserNotFound", storage.list("s3://results", {
      aws_access_key_id = "nobody", aws_secret_access_key = "wrong" }))
  )lua");
}

TEST_CASE("versitygw takes a script's own request with a signature of perigee.credentials") {
  const Iteration run(R"lua(
    local aws = credentials.aws()
    local url = __ENV.AWS_ENDPOINT_URL_S3 .. "/made-by-a-script?x-id=CreateBucket"
    local res = http.put(url, nil, { headers = aws:sign { method = "PUT", url = url,
      service = "s3" } })
    assert(res.status == 200, res.body)
    assert(storage.put("s3://made-by-a-script/x", "y"))
  )lua");
}

}  // namespace
}  // namespace perigee
