// credentials.google and storage.* at gs:// URIs, by servers that answer as a test says.
#include <fstream>

#include "engine/base/base64.h"
#include "scripting/signature_key.h"
#include "tests/modules/storage/cloud_run.h"
#include "tests/scripting/signature_keys.h"
#include "tests/support/http_answers.h"
#include "tests/support/raw_server.h"

namespace perigee {
namespace {

constexpr const char* kShow = R"lua(
local ok, found = pcall(function() return credentials.google():get() end)
print(ok and ("%s %s"):format(found.source, found.token) or found)
)lua";

std::string token(const std::string& text) {
  return ok(R"({"access_token": ")" + text + R"(", "expires_in": 3600})");
}

std::string body_of(const std::string& request) {
  return request.substr(request.find("\r\n\r\n") + 4);
}

void write_key(const std::string& path, const nlohmann::json& key) {
  std::ofstream(path) << key.dump();
}

CloudRun::Environment key_file(const std::string& path) {
  return {{"GOOGLE_APPLICATION_CREDENTIALS", path}};
}

TEST_CASE("a service account's token is had for what its key has signed") {
  const RawServer server({answers({token("T1")})});
  const ScratchFolder folder;
  write_key(folder / "key.json", {{"type", "service_account"},
                                  {"client_email", "load@p.iam.gserviceaccount.com"},
                                  {"private_key", kRsaKey},
                                  {"private_key_id", "id-1"},
                                  {"token_uri", server.url("/token")}});
  const CloudRun run(folder, kShow, key_file(folder / "key.json"));
  CHECK_MESSAGE(run.says("service account T1"), run.text());
  REQUIRE(server.requests().size() == 1);
  const std::string body = body_of(server.requests()[0]);
  const std::string prefix = "assertion=";
  REQUIRE(body.starts_with(prefix));
  const std::string assertion = body.substr(prefix.size(), body.find('&') - prefix.size());
  CHECK(body.ends_with("&grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Ajwt-bearer"));
  const size_t dot = assertion.rfind('.');
  const auto signature = decode_base64(assertion.substr(dot + 1), Base64::kRawUrl);
  REQUIRE(signature.has_value());
  CHECK(SignatureKey::public_key(kRsaPublicKey)
            .verify("RS256", assertion.substr(0, dot), *signature));
  const size_t middle = assertion.find('.');
  const auto claims = nlohmann::json::parse(
      *decode_base64(assertion.substr(middle + 1, dot - middle - 1), Base64::kRawUrl));
  CHECK(claims["iss"] == "load@p.iam.gserviceaccount.com");
  CHECK(claims["aud"] == server.url("/token"));
  CHECK(claims["exp"].get<int64_t>() - claims["iat"].get<int64_t>() == 3600);
}

TEST_CASE("an authorized user's token is had for the refresh token") {
  const RawServer server({answers({token("T2")})});
  const ScratchFolder folder;
  write_key(folder / "key.json", {{"type", "authorized_user"},
                                  {"client_id", "id"},
                                  {"client_secret", "se+cret"},
                                  {"refresh_token", "1//r"},
                                  {"token_uri", server.url("/token")}});
  const CloudRun run(folder, kShow, key_file(folder / "key.json"));
  CHECK_MESSAGE(run.says("authorized user T2"), run.text());
  REQUIRE(server.requests().size() == 1);
  CHECK(body_of(server.requests()[0]) ==
        "client_id=id&client_secret=se%2Bcret&grant_type=refresh_token&refresh_token=1%2F%2Fr");
}

TEST_CASE("a workload's identity is exchanged, and stands for a service account") {
  const RawServer server({answers(
      {token("T3"), ok(R"({"accessToken": "T4", "expireTime": "2999-01-01T00:00:00Z"})")})});
  const ScratchFolder folder;
  std::ofstream(folder / "subject") << R"({"value": "the-subject"})";
  write_key(folder / "key.json",
            {{"type", "external_account"},
             {"audience", "//iam.googleapis.com/x"},
             {"subject_token_type", "urn:ietf:params:oauth:token-type:jwt"},
             {"token_url", server.url("/sts")},
             {"service_account_impersonation_url", server.url("/impersonate")},
             {"credential_source",
              {{"file", folder / "subject"},
               {"format", {{"type", "json"}, {"subject_token_field_name", "value"}}}}}});
  const CloudRun run(folder, kShow, key_file(folder / "key.json"));
  CHECK_MESSAGE(run.says("workload identity T4"), run.text());
  REQUIRE(server.requests().size() == 2);
  CHECK(body_of(server.requests()[0]).find("subject_token=the-subject") != std::string::npos);
  CHECK(server.requests()[1].find("\r\nAuthorization: Bearer T3\r\n") != std::string::npos);
}

TEST_CASE("without a file the metadata server is asked, and without that the error says so") {
  const RawServer server({answers({token("T5")})});
  const ScratchFolder folder;
  const CloudRun run(folder, kShow,
                     {{"GCE_METADATA_HOST", "127.0.0.1:" + std::to_string(server.port())}});
  CHECK_MESSAGE(run.says("metadata server T5"), run.text());
  REQUIRE(server.requests().size() == 1);
  CHECK(server.requests()[0].find("\r\nMetadata-Flavor: Google\r\n") != std::string::npos);
  const CloudRun none(folder, kShow, {{"GCE_METADATA_HOST", "127.0.0.1:1"}});
  CHECK_MESSAGE(none.says("no credentials for Google: GOOGLE_APPLICATION_CREDENTIALS (not set); "),
                none.text());
  const CloudRun missing(folder, kShow, key_file("/nowhere/key.json"));
  CHECK_MESSAGE(missing.says("no credentials for Google: there is no file "), missing.text());
  CHECK(missing.says("(GOOGLE_APPLICATION_CREDENTIALS)"));
}

TEST_CASE("an object is put, got and listed with the token, and compared by its MD5") {
  // The MD5 of "data" in base64.
  const std::string md5 = "jXd/OF09/siBXSD3SWAm3A==";
  const RawServer metadata({answers({token("T6")})});
  const RawServer server({answers(
      {ok(R"({"md5Hash": ")" + md5 + R"("})"),
       answer("200 OK", "x-goog-hash: md5=" + md5 + "\r\n", "data"),
       ok(R"({"items": [{"name": "x/a b", "size": "4", "updated": "2026-01-31T00:00:00Z"}]})"),
       ok(R"({"md5Hash": "other"})"), answer("404 Not Found", {}, "{}")})});
  const ScratchFolder folder;
  const CloudRun run(folder, R"lua(
    local options = { endpoint = __ENV.ENDPOINT }
    assert(storage.put("gs://b/x/a b+é", "data", options))
    assert(storage.get("gs://b/x/a b+é", options) == "data")
    print("listed " .. storage.list("gs://b/x", options)[1].name)
    print(select(2, storage.put("gs://b/x", "data", options)))
    print("deleted " .. tostring(storage.delete("gs://b/x", options)))
  )lua",
                     {{"ENDPOINT", server.url("")},
                      {"GCE_METADATA_HOST", "127.0.0.1:" + std::to_string(metadata.port())}});
  CHECK_MESSAGE(run.says("listed a b"), run.text());
  CHECK(run.says("gs://b/x: put: 200 Damaged: the server has another MD5 of what it got"));
  CHECK(run.says("deleted true"));
  const std::vector<std::string> requests = server.requests();
  REQUIRE(requests.size() == 5);
  CHECK(
      requests[0].starts_with("POST /upload/storage/v1/b/b/o?name=x%2Fa%20b%2B%C3%A9&"
                              "uploadType=media HTTP/1.1"));
  CHECK(requests[0].find("\r\nAuthorization: Bearer T6\r\n") != std::string::npos);
  CHECK(requests[1].starts_with("GET /storage/v1/b/b/o/x%2Fa%20b%2B%C3%A9?alt=media HTTP/1.1"));
  CHECK(metadata.requests().size() == 1);
}

TEST_CASE("an emulator is asked without a token, in chunks where there is much") {
  const RawServer target({answers({answer("308 Resume Incomplete"), ok("{}")})});
  const RawServer server(
      {answers({answer("200 OK", "Location: " + target.url("/session") + "\r\n")})});
  const ScratchFolder folder;
  const CloudRun run(folder, R"lua(
    assert(storage.put("gs://b/big", ("x"):rep(300000), { part_size = 262144 }))
    print("all is sent")
  )lua",
                     {{"STORAGE_EMULATOR_HOST", "127.0.0.1:" + std::to_string(server.port())}});
  CHECK_MESSAGE(run.says("all is sent"), run.text());
  REQUIRE(target.requests().size() == 2);
  CHECK(target.requests()[0].find("Content-Range: bytes 0-262143/300000") != std::string::npos);
  CHECK(target.requests()[1].find("Content-Range: bytes 262144-299999/300000") !=
        std::string::npos);
  CHECK(server.requests()[0].find("Authorization") == std::string::npos);
}

TEST_CASE("no token is logged, not even where all that is sent is") {
  const RawServer metadata({answers({token("THE-TOKEN")})});
  const RawServer server({answers({answer("200 OK", {}, "the data that is kept")})});
  const ScratchFolder folder;
  const CloudRun run(folder, "assert(storage.get('gs://b/x', { endpoint = __ENV.ENDPOINT }))",
                     {{"ENDPOINT", server.url("")},
                      {"GCE_METADATA_HOST", "127.0.0.1:" + std::to_string(metadata.port())}},
                     {"--http-debug=full"});
  CHECK_MESSAGE(run.says("Private Request 2:"), run.text());
  CHECK(run.says("GET /storage/v1/b/b/o/x?alt=media"));
  CHECK(run.says("Authorization: ***"));
  CHECK_FALSE(run.says("THE-TOKEN"));
  CHECK_FALSE(run.says("the data that is kept"));
}

}  // namespace
}  // namespace perigee
