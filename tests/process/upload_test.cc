// perigee upload, and perigee run --upload.
#include <csignal>
#include <filesystem>
#include <fstream>

#include <doctest/doctest.h>

#include "tests/process/script_run.h"
#include "tests/support/http_answers.h"
#include "tests/support/raw_server.h"

namespace perigee {
namespace {

constexpr const char* kScript = "return { default = function() end }";

struct Outcome {
  int code;
  std::string log;

  bool says(const std::string& text) const { return log.find(text) != std::string::npos; }
};

// perigee with these words in this folder, where keys of AWS are THE-KEY and THE-SECRET.
Outcome perigee(const ScratchFolder& folder, std::vector<std::string> words,
                const std::string& endpoint = "http://127.0.0.1:1") {
  words.insert(words.begin(), perigee_program());
  const ProcessResult result =
      run_process(words, {.environment = {{"AWS_ENDPOINT_URL_S3", endpoint},
                                          {"AWS_ACCESS_KEY_ID", "THE-KEY"},
                                          {"AWS_SECRET_ACCESS_KEY", "THE-SECRET"},
                                          {"AWS_SESSION_TOKEN", ""},
                                          {"AWS_PROFILE", ""}},
                          .folder = folder / ""});
  const std::string text = unescaped(result.out + result.err);
  CHECK(text.find("THE-SECRET") == std::string::npos);
  return {result.exit_code, text};
}

std::string first_line(const std::string& request) {
  return request.substr(0, request.find(" HTTP/1.1"));
}

std::string forbidden() {
  return answer("403 Forbidden", {},
                "<Error><Code>AccessDenied</Code><Message>no</Message></Error>");
}

}  // namespace

TEST_CASE("a folder is uploaded with all its files, and a file under its name") {
  const ScratchFolder folder;
  std::filesystem::create_directories(folder / "results/deep");
  std::ofstream(folder / "results/a b.csv") << "1,2";
  std::ofstream(folder / "results/deep/empty") << "";
  const Outcome all = perigee(folder, {"upload", "results", folder / "kept"});
  CHECK_MESSAGE(all.code == 0, all.log);
  CHECK(read_text(folder / "kept/a b.csv") == "1,2");
  CHECK(std::filesystem::exists(folder / "kept/deep/empty"));
  CHECK(all.says("kept/a b.csv: 3 bytes from results/a b.csv"));

  const RawServer server({answers({ok("")})});
  const Outcome one = perigee(folder, {"upload", "results/a b.csv", "s3://b/x/"}, server.url(""));
  CHECK_MESSAGE(one.code == 0, one.log);
  REQUIRE(server.requests().size() == 1);
  CHECK(first_line(server.requests()[0]) == "PUT /b/x/a%20b.csv");
  CHECK(server.requests()[0].ends_with("1,2"));
}

TEST_CASE("a folder without files is said to have none") {
  const ScratchFolder folder;
  std::filesystem::create_directories(folder / "results/deep");
  const Outcome end = perigee(folder, {"upload", "results", folder / "kept"});
  CHECK(end.code == 0);
  CHECK_MESSAGE(end.says("results: the folder has no files"), end.log);
}

TEST_CASE("an upload that fails ends with 111 and says how to send it again") {
  const ScratchFolder folder;
  std::ofstream(folder / "a b.csv") << "1,2";
  const RawServer server({answers({forbidden()})});
  const Outcome end = perigee(folder, {"upload", "a b.csv", "s3://b/x"}, server.url(""));
  CHECK(end.code == 111);
  CHECK_MESSAGE(end.says("s3://b/x: put: 403 AccessDenied: no"), end.log);
  CHECK(end.says("this sends it again: perigee upload 'a b.csv' s3://b/x"));
}

TEST_CASE("what can't be sent anywhere is refused before anything else") {
  const ScratchFolder folder;
  std::ofstream(folder / "script.lua") << kScript;
  const Outcome missing = perigee(folder, {"upload", "nothing", "s3://b/x"});
  CHECK(missing.code == 104);
  CHECK_MESSAGE(missing.says("there is no file or folder nothing"), missing.log);
  const Outcome command = perigee(folder, {"upload", "script.lua", "s4://b/x"});
  CHECK(command.code == 104);
  CHECK_MESSAGE(command.says("perigee upload: \"s4://b/x\" begins with \"s4\", which is not known"),
                command.log);
  const Outcome run = perigee(folder, {"run", "--quiet", "--upload", "s3://", "script.lua"});
  CHECK(run.code == 104);
  CHECK_MESSAGE(run.says("--upload: \"s3://\" names no bucket: the forms are s3://bucket"),
                run.log);
}

TEST_CASE("the files of a run go below the URI when all of them are written") {
  const ScratchFolder folder;
  std::filesystem::create_directories(folder / "results");
  std::ofstream(folder / "script.lua") << kScript;
  const RawServer server({answers({ok("")})});
  const Outcome end =
      perigee(folder,
              {"run", "--quiet", "--upload", "s3://b/run", "--out", "csv=samples.csv", "--out",
               "results=results/run.perigee", "--report", folder / "report.md", "--summary-export",
               "results/summary.json", "script.lua"},
              server.url(""));
  CHECK_MESSAGE(end.code == 0, end.log);
  const std::vector<std::string> requests = server.requests();
  REQUIRE(requests.size() == 4);
  CHECK(first_line(requests[0]) == "PUT /b/run/report.md");
  CHECK(first_line(requests[1]) == "PUT /b/run/results/run.perigee");
  CHECK(first_line(requests[2]) == "PUT /b/run/results/summary.json");
  CHECK(first_line(requests[3]) == "PUT /b/run/samples.csv");
  CHECK(requests[2].ends_with("\r\n\r\n" + read_text(folder / "results/summary.json")));
  CHECK(requests[3].ends_with("\r\n\r\n" + read_text(folder / "samples.csv")));
}

TEST_CASE("metadata of a run goes along, with its settings and without secrets") {
  const ScratchFolder folder;
  std::filesystem::create_directories(folder / "info/..data/settings");
  std::ofstream(folder / "info/..data/settings/RATE") << "20\n";
  std::filesystem::create_symlink("..data/settings", folder / "info/settings");
  std::ofstream(folder / "info/labels") << "a=\"b\"\nc=\"d\"";
  std::ofstream(folder / "script.lua") << kScript;
  const RawServer server({answers({ok("")})});
  const ProcessResult run = run_process(
      {perigee_program(), "run", "--quiet", "--upload", "s3://b/run", "--metadata",
       "results/metadata.txt", "--tag", "note=a b", "-e", "API_TOKEN=hidden-thing", "script.lua"},
      {.environment = {{"AWS_ENDPOINT_URL_S3", server.url("")},
                       {"AWS_ACCESS_KEY_ID", "THE-KEY"},
                       {"AWS_SECRET_ACCESS_KEY", "THE-SECRET"},
                       {"PERIGEE_METADATA_FOLDER", folder / "info"}},
       .folder = folder / ""});
  CHECK_MESSAGE(run.exit_code == 0, run.err);
  CHECK(run.err.find("PERIGEE_METADATA_FOLDER") == std::string::npos);
  const std::string text = read_text(folder / "results/metadata.txt");
  CHECK(text.starts_with("start: 20"));
  CHECK(text.find("\nend: 20") != std::string::npos);
  CHECK(text.find("\nexit code: 0\n") != std::string::npos);
  CHECK(text.find("--tag 'note=a b'") != std::string::npos);
  CHECK(text.find("\nlabels:\n  a=\"b\"\n  c=\"d\"\nsettings/RATE: 20\n") != std::string::npos);
  CHECK_MESSAGE(text.find("hidden-thing") == std::string::npos, text);
  CHECK(text.find("THE-SECRET") == std::string::npos);
  REQUIRE(server.requests().size() == 1);
  CHECK(first_line(server.requests()[0]) == "PUT /b/run/results/metadata.txt");
}

TEST_CASE("a file of metadata that can't be written is an error before the load") {
  const ScratchFolder folder;
  std::ofstream(folder / "script.lua") << kScript;
  std::ofstream(folder / "taken") << "";
  const Outcome end =
      perigee(folder, {"run", "--quiet", "--metadata", "taken/metadata.txt", "script.lua"});
  CHECK_MESSAGE(end.code == 104, end.log);
  CHECK_MESSAGE(end.says("--metadata: taken/metadata.txt: "), end.log);
}

TEST_CASE("a run whose upload fails ends with 111 only if it was all right otherwise") {
  const ScratchFolder folder;
  std::ofstream(folder / "script.lua") << kScript;
  std::ofstream(folder / "failing.lua")
      << "return { options = { thresholds = { iterations = { 'count>9' } } },"
         " default = function() end }";
  for (const auto& [script, code] :
       std::map<std::string, int>{{"script.lua", 111}, {"failing.lua", 99}}) {
    const RawServer server({answers({forbidden()}), answers({ok("")})});
    const Outcome end = perigee(folder,
                                {"run", "--quiet", "--upload", "s3://b", "--out", "csv=a.csv",
                                 "--summary-export", "b.json", script},
                                server.url(""));
    CHECK_MESSAGE(end.code == code, end.log);
    // The second is sent all the same.
    CHECK(server.requests().size() == 2);
    CHECK(end.says("perigee upload a.csv s3://b/a.csv"));
    CHECK_FALSE(end.says("perigee upload b.json"));
    CHECK(std::filesystem::exists(folder / "a.csv"));
  }
}

TEST_CASE("a report and a merged file go to storage when they are written") {
  const ScratchFolder folder;
  std::ofstream(folder / "script.lua") << kScript;
  REQUIRE(perigee(folder, {"run", "--quiet", "--out", "results=a.perigee", "script.lua"}).code ==
          0);
  const RawServer server({answers({ok("")})});
  const Outcome report = perigee(
      folder, {"report", "a.perigee", "-o", "r.md", "--upload", "s3://b/x"}, server.url(""));
  CHECK_MESSAGE(report.code == 0, report.log);
  const Outcome merge = perigee(
      folder, {"merge", "a.perigee", "-o", "m.perigee", "--upload", "s3://b"}, server.url(""));
  CHECK_MESSAGE(merge.code == 0, merge.log);
  REQUIRE(server.requests().size() == 2);
  CHECK(first_line(server.requests()[0]) == "PUT /b/x/r.md");
  CHECK(server.requests()[0].ends_with(read_text(folder / "r.md")));
  CHECK(first_line(server.requests()[1]) == "PUT /b/m.perigee");
  const Outcome nowhere = perigee(folder, {"report", "a.perigee", "--upload", "s3://b"});
  CHECK(nowhere.code == 104);
  CHECK_MESSAGE(nowhere.says("--upload: the report goes to no file"), nowhere.log);
  const RawServer refusing({answers({forbidden()})});
  const Outcome lost = perigee(
      folder, {"merge", "a.perigee", "-o", "n.perigee", "--upload", "s3://b"}, refusing.url(""));
  CHECK(lost.code == 111);
  CHECK_MESSAGE(lost.says("perigee upload n.perigee s3://b/n.perigee"), lost.log);
}

TEST_CASE("a signal ends an upload, and what was not sent is said") {
  const ScratchFolder folder;
  std::ofstream(folder / "a.csv") << "1,2";
  RawServer server({RawServer::Script{RawServer::hang()}});
  Process upload({perigee_program(), "upload", "a.csv", "s3://b/x"},
                 {.environment = {{"AWS_ENDPOINT_URL_S3", server.url("")},
                                  {"AWS_ACCESS_KEY_ID", "THE-KEY"},
                                  {"AWS_SECRET_ACCESS_KEY", "THE-SECRET"}},
                  .folder = folder / ""});
  REQUIRE(server.wait_for_connections(1));
  upload.signal(SIGINT);
  CHECK(upload.wait().exit_code == 105);
  CHECK(upload.err().find("perigee upload a.csv s3://b/x") != std::string::npos);
}

}  // namespace perigee
