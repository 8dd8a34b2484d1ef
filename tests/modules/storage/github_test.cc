// storage.* at github:// URIs, by a server that answers as a test says.
#include <functional>
#include <string>
#include <vector>

#include "tests/modules/storage/cloud_run.h"
#include "tests/support/http_answers.h"
#include "tests/support/raw_server.h"

namespace perigee {
namespace {

std::string release(const std::string& uploads) {
  return ok(R"({"id": 7, "upload_url": ")" + uploads + R"(/assets{?name,label}"})");
}

std::string first_line(const std::string& request) {
  return request.substr(0, request.find(" HTTP/1.1"));
}

// The run of `body` with these responses of the API and of the server for uploads and downloads.
struct GithubRun {
  GithubRun(const std::string& body, const std::vector<std::string>& uploaded,
            const std::function<std::vector<std::string>(const std::string& uploads)>& responses)
      : uploads({answers(uploaded)}),
        api({answers(responses(uploads.url("")))}),
        run(folder, body, {{"GITHUB_API_URL", api.url("")}, {"GITHUB_TOKEN", "THE-TOKEN"}}) {
    CHECK_FALSE(run.says("THE-TOKEN"));
  }
  static std::vector<std::string> lines(const RawServer& server) {
    std::vector<std::string> found;
    for (const std::string& request : server.requests())
      found.push_back(first_line(request));
    return found;
  }

  ScratchFolder folder;
  RawServer uploads;
  RawServer api;
  CloudRun run;
};

const std::string kMissing = answer("404 Not Found", {}, R"({"message": "Not Found"})");

TEST_CASE("a release that is missing is made, and a file becomes its asset") {
  const GithubRun run(
      "print('size', assert(storage.put('github://me/repo@v1/a b/c.csv', 'data')).size)",
      {answer("201 Created", {}, R"({"digest": "sha256:x"})")}, [](const std::string& uploads) {
        return std::vector{kMissing, release(uploads)};
      });
  CHECK_MESSAGE(run.run.says("size\t4"), run.run.text());
  CHECK(GithubRun::lines(run.api) == std::vector<std::string>{"GET /repos/me/repo/releases/tags/v1",
                                                              "POST /repos/me/repo/releases"});
  REQUIRE(run.uploads.requests().size() == 1);
  const std::string sent = run.uploads.requests()[0];
  CHECK(first_line(sent) == "POST /assets?name=a.b.c.csv");
  CHECK(sent.find("Content-Type: text/csv\r\n") != std::string::npos);
  CHECK(sent.find("Authorization: Bearer THE-TOKEN\r\n") != std::string::npos);
  CHECK(sent.ends_with("\r\n\r\ndata"));
}

TEST_CASE("an asset that is in the way is replaced, also one that broke off") {
  const std::string assets = ok(R"([{"id": 1, "name": "other"}, {"id": 2, "name": "x.csv"}])");
  const GithubRun run("assert(storage.put('github://me/repo@v1/x.csv', 'data')) print('is there')",
                      {answer("502 Bad Gateway"), answer("422 Unprocessable Entity", {}, "{}"),
                       answer("201 Created", {}, "{}")},
                      [&](const std::string& uploads) {
                        return std::vector{release(uploads), assets, answer("204 No Content"),
                                           assets, answer("204 No Content")};
                      });
  CHECK_MESSAGE(run.run.says("is there"), run.run.text());
  CHECK(GithubRun::lines(run.api)[2] == "DELETE /repos/me/repo/releases/assets/2");
  CHECK(run.uploads.requests().size() == 3);
}

TEST_CASE("an asset's bytes come from where they lie, which does not see the token") {
  const GithubRun run(
      R"lua(
        print("got", storage.get("github://me/repo/x.csv"))
        print("listed", storage.list("github://me/repo")[1].size)
        print("none", storage.get("github://me/repo/y.csv"))
      )lua",
      {ok("bytes")}, [](const std::string& uploads) {
        const std::string assets = ok(R"([{"id": 2, "name": "x.csv", "size": 5}])");
        return std::vector{release(uploads), assets,
                           answer("302 Found", "Location: " + uploads + "/blob\r\n"), assets,
                           assets};
      });
  CHECK_MESSAGE(run.run.says("got\tbytes"), run.run.text());
  CHECK(run.run.says("listed\t5"));
  CHECK(run.run.says("the release has no asset of this name"));
  CHECK(GithubRun::lines(run.api)[0] == "GET /repos/me/repo/releases/latest");
  REQUIRE(run.uploads.requests().size() == 1);
  CHECK(run.uploads.requests()[0].find("Authorization") == std::string::npos);
}

TEST_CASE("what GitHub refuses or lacks is said") {
  const GithubRun run(
      R"lua(
        print(select(2, storage.put("github://me/repo/x", "data")))
        print(select(2, pcall(storage.put, "github://me", "data")))
      )lua",
      {}, [](const std::string& /*uploads*/) { return std::vector{kMissing}; });
  CHECK_MESSAGE(
      run.run.says(
          "github://me/repo/x: put: 404 NotFound: Not Found (no release yet: name its tag"),
      run.run.text());
  CHECK(run.run.says("\"github://me\" names no owner and repository"));
  const ScratchFolder folder;
  const CloudRun none(folder, "print(select(2, storage.put('github://me/repo@v/x', 'data')))",
                      {{"GITHUB_TOKEN", ""}, {"GH_TOKEN", ""}});
  CHECK_MESSAGE(none.says("put: no token for GitHub: github_token (not given), GITHUB_TOKEN"),
                none.text());
}

}  // namespace
}  // namespace perigee
