// Uploads in parts that break off and are gone on with, by servers that answer as a test says. Real
// servers: tests/peers.
#include <filesystem>
#include <string>
#include <vector>

#include "tests/modules/storage/cloud_run.h"
#include "tests/support/http_answers.h"
#include "tests/support/raw_server.h"

namespace perigee {
namespace {

std::vector<std::string> lines_of(const RawServer& server) {
  std::vector<std::string> lines;
  for (const std::string& request : server.requests())
    lines.push_back(request.substr(0, request.find(" HTTP/1.1")));
  return lines;
}

const std::string kPart = answer("200 OK", "ETag: \"e\"\r\n");
const std::string kBegun = ok("<R><UploadId>1</UploadId></R>");
const std::string kWhole = ok("<R><ETag>\"whole-3\"</ETag></R>");
const std::string kDown = answer("500 Error");
// As often as a request is tried.
const std::vector<std::string> kAlwaysDown(5, kDown);

std::vector<std::string> joined(std::vector<std::string> first,
                                const std::vector<std::string>& then) {
  first.insert(first.end(), then.begin(), then.end());
  return first;
}

// storage.upload of a file with the data "abcde", in parts of two bytes, to servers of S3.
struct Uploads {
  Uploads() { write("abcde"); }
  void write(const std::string& data) const { std::ofstream(folder / "data") << data; }
  std::string run(const RawServer& server) const {
    const CloudRun run(folder, R"lua(
      local files, failure = storage.upload(folder .. "data", "s3://b/k", { part_size = 2 })
      print(files and ("resumed " .. files[1].resumed) or failure.text)
    )lua",
                       {{"AWS_ENDPOINT_URL_S3", "http://store.test"},
                        {"HTTP_PROXY", server.url("")},
                        {"AWS_ACCESS_KEY_ID", "KEY"},
                        {"AWS_SECRET_ACCESS_KEY", "THE-SECRET"}});
    return run.text();
  }
  bool has_journal() const { return std::filesystem::exists(folder / "data.perigee-upload"); }

  ScratchFolder folder;
};

TEST_CASE("an upload that the server has broken off goes on behind its last part") {
  const Uploads uploads;
  const RawServer down({answers(joined({kBegun, kPart}, kAlwaysDown))});
  CHECK(uploads.run(down).find("500") != std::string::npos);
  CHECK(lines_of(down).size() == 7);
  REQUIRE(uploads.has_journal());
  const std::string journal = read_text(uploads.folder / "data.perigee-upload");
  CHECK(journal.find("SECRET") == std::string::npos);
  const auto mode = std::filesystem::status(uploads.folder / "data.perigee-upload").permissions();
  CHECK((mode & std::filesystem::perms::mask) ==
        (std::filesystem::perms::owner_read | std::filesystem::perms::owner_write));

  const RawServer up({answers({kPart, kPart, kWhole})});
  const std::string text = uploads.run(up);
  CHECK_MESSAGE(text.find("resumed 2") != std::string::npos, text);
  const std::vector<std::string> lines = lines_of(up);
  REQUIRE(lines.size() == 3);
  CHECK(lines[0].ends_with("/b/k?partNumber=2&uploadId=1"));
  CHECK(up.requests()[0].ends_with("\r\n\r\ncd"));
  CHECK(up.requests()[2].find("<PartNumber>1</PartNumber>") != std::string::npos);
  CHECK_FALSE(uploads.has_journal());
}

TEST_CASE("an upload begins anew where the server has forgotten its parts") {
  const Uploads uploads;
  const RawServer down({answers(joined({kBegun, kPart}, kAlwaysDown))});
  uploads.run(down);
  const std::string gone = answer("404 Not Found", {}, "<Error><Code>NoSuchUpload</Code></Error>");
  const RawServer up({answers({gone, answer("204 No Content"), ok("<R><UploadId>2</UploadId></R>"),
                               kPart, kPart, kPart, kWhole})});
  const std::string text = uploads.run(up);
  CHECK_MESSAGE(text.find("resumed 0") != std::string::npos, text);
  CHECK(lines_of(up)[3].ends_with("/b/k?partNumber=1&uploadId=2"));
  CHECK_FALSE(uploads.has_journal());
}

TEST_CASE("parts of a file that has changed are removed, and it is sent from its beginning") {
  const Uploads uploads;
  const RawServer down({answers(joined({kBegun, kPart}, kAlwaysDown))});
  uploads.run(down);
  uploads.write("ABCDEF");
  const RawServer up({answers({answer("204 No Content"), ok("<R><UploadId>2</UploadId></R>"), kPart,
                               kPart, kPart, kWhole})});
  const std::string text = uploads.run(up);
  CHECK_MESSAGE(text.find("resumed 0") != std::string::npos, text);
  CHECK(lines_of(up)[0].starts_with("DELETE "));
  CHECK(lines_of(up)[0].ends_with("/b/k?uploadId=1"));
  CHECK(up.requests()[2].ends_with("\r\n\r\nAB"));
}

TEST_CASE("an upload that is refused leaves neither parts nor a journal") {
  const Uploads uploads;
  const std::string refused =
      answer("403 Forbidden", {}, "<Error><Code>AccessDenied</Code></Error>");
  const RawServer server({answers({kBegun, kPart, refused, answer("204 No Content")})});
  CHECK(uploads.run(server).find("AccessDenied") != std::string::npos);
  CHECK(lines_of(server).back().starts_with("DELETE "));
  CHECK_FALSE(uploads.has_journal());
}

TEST_CASE("a journal is not uploaded with its folder") {
  const ScratchFolder folder;
  std::filesystem::create_directories(folder / "results");
  std::ofstream(folder / "results/a.csv") << "1";
  std::ofstream(folder / "results/a.csv.perigee-upload") << "{}";
  const CloudRun run(folder, R"lua(
    print("files", #assert(storage.upload(folder .. "results", folder .. "kept")))
  )lua",
                     {});
  CHECK_MESSAGE(run.says("files\t1"), run.text());
}

TEST_CASE("a session of Google's is asked how far it is, and goes on there") {
  const ScratchFolder folder;
  std::ofstream(folder / "data") << std::string(600000, 'x');
  const auto upload = [&](const RawServer& server) {
    return CloudRun(
               folder, R"lua(
      local files, failure = storage.upload(folder .. "data", "gs://b/k", { part_size = 262144 })
      print(files and ("resumed " .. (files[1].resumed or 0)) or failure.text)
    )lua",
               {{"STORAGE_EMULATOR_HOST", "http://store.test"}, {"HTTP_PROXY", server.url("")}})
        .text();
  };
  const std::string begun = answer("200 OK", "Location: http://store.test/session/7\r\n");
  const std::string more = answer("308 Resume Incomplete", "Range: bytes=0-262143\r\n");
  const RawServer down({answers(joined({begun, more}, kAlwaysDown))});
  CHECK(upload(down).find("500") != std::string::npos);
  const RawServer up({answers({more, more, ok("{}")})});
  const std::string text = upload(up);
  CHECK_MESSAGE(text.find("resumed 262144") != std::string::npos, text);
  REQUIRE(up.requests().size() == 3);
  CHECK(up.requests()[0].find("Content-Range: bytes */600000\r\n") != std::string::npos);
  CHECK(up.requests()[1].find("Content-Range: bytes 262144-524287/600000\r\n") !=
        std::string::npos);
  CHECK_FALSE(std::filesystem::exists(folder / "data.perigee-upload"));
}

}  // namespace
}  // namespace perigee
