// storage.* in S3, by a server that answers as a test says. Real servers: tests/peers.
#include "tests/modules/storage/cloud_run.h"
#include "tests/support/http_answers.h"
#include "tests/support/raw_server.h"

namespace perigee {
namespace {

std::string refusal(const std::string& status, const std::string& code,
                    const std::string& headers = {}) {
  return answer(status, headers,
                "<Error><Code>" + code + "</Code><Message>the reason</Message></Error>");
}

CloudRun::Environment environment_of(const RawServer& server) {
  return {{"AWS_ENDPOINT_URL_S3", server.url("")},
          {"AWS_ACCESS_KEY_ID", "KEY"},
          {"AWS_SECRET_ACCESS_KEY", "THE-SECRET"}};
}

// The run of `body` against these responses, all on one connection.
struct S3Run {
  S3Run(const std::string& body, const std::vector<std::string>& responses)
      : server({answers(responses)}), run(folder, body, environment_of(server)) {
    CHECK_FALSE(run.says("THE-SECRET"));
  }
  std::vector<std::string> lines() const {
    std::vector<std::string> found;
    for (const std::string& request : server.requests())
      found.push_back(request.substr(0, request.find(" HTTP/1.1")));
    return found;
  }

  ScratchFolder folder;
  RawServer server;
  CloudRun run;
};

constexpr const char* kPut = "print('put', storage.put('s3://b/k', 'data'))";

TEST_CASE("a name is part of the path, encoded once, behind its bucket") {
  const S3Run run("assert(storage.put('s3://b/a b+c%d/é', 'x'))", {ok("")});
  REQUIRE(run.lines() == std::vector<std::string>{"PUT /b/a%20b%2Bc%25d/%C3%A9"});
  const std::string request = run.server.requests()[0];
  // The SHA-256 of "x".
  CHECK(request.find("\r\nX-Amz-Content-Sha256: "
                     "2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881\r\n") !=
        std::string::npos);
  CHECK(request.find("Credential=KEY/") != std::string::npos);
  CHECK(request.ends_with("\r\n\r\nx"));
}

TEST_CASE("a request goes again while the server is too busy") {
  const S3Run run(kPut,
                  {refusal("503 Slow Down", "SlowDown"), refusal("500 Error", "InternalError"),
                   answer("200 OK", "ETag: \"e\"\r\n")});
  CHECK(run.lines().size() == 3);
  CHECK_MESSAGE(run.run.says("put\ttable"), run.run.text());
}

TEST_CASE("what the server refuses is a failure in its own words, and is not tried again") {
  const S3Run run(kPut, {refusal("404 Not Found", "NoSuchBucket")});
  CHECK(run.lines().size() == 1);
  CHECK_MESSAGE(
      run.run.says("put\tnil\ts3://b/k: put: 404 NoSuchBucket: the reason (make it first, "
                   "or mind its region: s3://bucket@region/path)"),
      run.run.text());
}

TEST_CASE("a clock that is wrong is that of the server from then on") {
  const S3Run run(std::string(kPut) + kPut, {refusal("403 Forbidden", "RequestTimeTooSkewed",
                                                     "Date: Fri, 24 May 2013 00:00:00 GMT\r\n"),
                                             ok(""), ok("")});
  REQUIRE(run.lines().size() == 3);
  CHECK(run.server.requests()[1].find("\r\nX-Amz-Date: 20130524T") != std::string::npos);
  CHECK(run.server.requests()[2].find("\r\nX-Amz-Date: 20130524T") != std::string::npos);
  CHECK(run.run.says("the clock of this machine is off by "));
}

TEST_CASE("keys that expire in the middle of an upload in parts are asked for again") {
  const auto keys = [](const std::string& id) {
    return ok(R"({"AccessKeyId": ")" + id + R"(", "SecretAccessKey": "s", "Token": "t"})");
  };
  const RawServer metadata({answers({keys("FIRST"), keys("SECOND")})});
  const std::string part = answer("200 OK", "ETag: \"e\"\r\n");
  const RawServer server({answers({ok("<R><UploadId>1</UploadId></R>"), part,
                                   refusal("400 Bad Request", "ExpiredToken"), part,
                                   ok("<R><ETag>\"whole-2\"</ETag></R>")})});
  const ScratchFolder folder;
  const CloudRun run(folder, "assert(storage.put('s3://b/k', 'abcd', { part_size = 2 }))",
                     {{"AWS_ENDPOINT_URL_S3", server.url("")},
                      {"AWS_CONTAINER_CREDENTIALS_FULL_URI", metadata.url("/keys")}});
  const std::vector<std::string> requests = server.requests();
  REQUIRE_MESSAGE(requests.size() == 5, run.text());
  CHECK(requests[2].find("Credential=FIRST/") != std::string::npos);
  CHECK(requests[3].find("Credential=SECOND/") != std::string::npos);
  CHECK(requests[3].starts_with("PUT /b/k?partNumber=2&uploadId=1 HTTP/1.1"));
  CHECK(metadata.requests().size() == 2);
}

TEST_CASE("a bucket of another region is asked for there") {
  const S3Run run(kPut, {refusal("400 Bad Request", "AuthorizationHeaderMalformed",
                                 "x-amz-bucket-region: eu-central-1\r\n"),
                         ok("")});
  REQUIRE(run.lines().size() == 2);
  CHECK(run.server.requests()[0].find("/us-east-1/s3/") != std::string::npos);
  CHECK(run.server.requests()[1].find("/eu-central-1/s3/") != std::string::npos);
  const S3Run given("assert(storage.put('s3://b@us-west-2/k', 'x'))", {ok("")});
  REQUIRE(given.lines().size() == 1);
  CHECK(given.server.requests()[0].find("/us-west-2/s3/") != std::string::npos);
}

TEST_CASE("large data goes in parts, and a part that is lost goes again") {
  const std::string begun = ok("<R><UploadId>id&amp;1</UploadId></R>");
  const std::string part = answer("200 OK", "ETag: \"e\"\r\n");
  const S3Run run("print('put', assert(storage.put('s3://b/k', 'abcde', { part_size = 2 })).etag)",
                  {begun, part, refusal("500 Error", "InternalError"), part, part,
                   ok("<R><ETag>\"whole-3\"</ETag></R>")});
  CHECK(run.lines() == std::vector<std::string>{
                           "POST /b/k?uploads=", "PUT /b/k?partNumber=1&uploadId=id%261",
                           "PUT /b/k?partNumber=2&uploadId=id%261",
                           "PUT /b/k?partNumber=2&uploadId=id%261",
                           "PUT /b/k?partNumber=3&uploadId=id%261", "POST /b/k?uploadId=id%261"});
  CHECK_MESSAGE(run.run.says("put\twhole-3"), run.run.text());
  CHECK(run.server.requests()[4].ends_with("\r\n\r\ne"));
}

TEST_CASE("an upload in parts that fails leaves no parts behind") {
  const S3Run run("print('put', storage.put('s3://b/k', 'abcd', { part_size = 2 }))",
                  {ok("<R><UploadId>1</UploadId></R>"), refusal("403 Forbidden", "AccessDenied"),
                   answer("204 No Content")});
  CHECK(run.lines().back() == "DELETE /b/k?uploadId=1");
  CHECK_MESSAGE(run.run.says("put\tnil\ts3://b/k: put: 403 AccessDenied: the reason"),
                run.run.text());
  const S3Run late("print('put', storage.put('s3://b/k', 'abcd', { part_size = 3 }))",
                   {ok("<R><UploadId>1</UploadId></R>"), ok(""), ok(""),
                    refusal("200 OK", "InternalError"), answer("204 No Content")});
  CHECK_MESSAGE(late.run.says("put\tnil\ts3://b/k: put: 200 InternalError: the reason"),
                late.run.text());
}

TEST_CASE("what comes is compared with its ETag") {
  // The MD5 of "data".
  const std::string right = "ETag: \"8d777f385d3dfec8815d20f7496026dc\"\r\n";
  const S3Run run(R"lua(
    for _ = 1, 3 do print("got", storage.get("s3://b/k")) end
    print("got", storage.get("s3://b/k", { file = folder .. "kept" }))
    print(storage.list(folder .. "")[1].name)
  )lua",
                  {answer("200 OK", right, "data"), answer("200 OK", right, "dada"),
                   answer("200 OK", "ETag: \"x-2\"\r\n", "any"), answer("200 OK", right, "dada")});
  CHECK_MESSAGE(run.run.says("got\tdata"), run.run.text());
  CHECK(run.run.says("got\tnil\ts3://b/k: get: 200 Damaged: what came is not what was put there"));
  CHECK(run.run.says("got\tany"));
  CHECK_FALSE(run.run.says("kept"));
}

TEST_CASE("a list goes on where the server has cut it") {
  const auto page = [](const std::string& key, const std::string& more) {
    return ok(
        "<L><KeyCount>1</KeyCount><EncodingType>url</EncodingType><Contents><Key>" + key +
        "</Key><Size>7</Size><LastModified>2026-01-31T00:00:00.000Z</LastModified></Contents>" +
        more + "</L>");
  };
  const S3Run run(R"lua(
    for _, item in ipairs(assert(storage.list("s3://b/dir"))) do
      print(("<%s> %d %s"):format(item.name, item.size, item.uri))
    end
  )lua",
                  {page("dir/a+b%2Bc", "<NextContinuationToken>1/x=</NextContinuationToken>"),
                   page("dir/%C3%A9", "")});
  CHECK_MESSAGE(run.run.says("<a b+c> 7 s3://b/dir/a b+c"), run.run.text());
  CHECK(run.run.says("<é> 7 s3://b/dir/é"));
  CHECK(run.lines() ==
        std::vector<std::string>{
            "GET /b/?encoding-type=url&list-type=2&prefix=dir%2F",
            "GET /b/?continuation-token=1%2Fx%3D&encoding-type=url&list-type=2&prefix=dir%2F"});
}

TEST_CASE("a server that is not there is a failure after several tries") {
  const ScratchFolder folder;
  const CloudRun run(folder, kPut,
                     {{"AWS_ENDPOINT_URL_S3", "http://127.0.0.1:1"},
                      {"AWS_ACCESS_KEY_ID", "KEY"},
                      {"AWS_SECRET_ACCESS_KEY", "SECRET"}});
  CHECK_MESSAGE(run.says("put\tnil\ts3://b/k: put: "), run.text());
  CHECK(run.says("refused"));
}

TEST_CASE("without credentials the failure says what was asked") {
  const RawServer server({answers(1)});
  const ScratchFolder folder;
  const CloudRun run(folder, kPut, {{"AWS_ENDPOINT_URL_S3", server.url("")}});
  CHECK_MESSAGE(run.says("put\tnil\ts3://b/k: put: no credentials for AWS: settings (not given); "),
                run.text());
  CHECK(server.requests().empty());
}

}  // namespace
}  // namespace perigee
