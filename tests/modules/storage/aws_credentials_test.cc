// credentials.aws: where keys come from, and what is signed with them.
#include <filesystem>
#include <fstream>

#include "tests/modules/storage/cloud_run.h"
#include "tests/support/http_answers.h"
#include "tests/support/raw_server.h"

namespace perigee {
namespace {

// Prints source, keys and token, or the error.
constexpr const char* kShow = R"lua(
local ok, found = pcall(function() return credentials.aws():get() end)
print(ok and table.concat({ found.source, found.access_key_id, found.secret_access_key,
  found.session_token or "none" }, " ") or found)
)lua";

// Keys in the JSON of metadata servers.
std::string json_keys(const std::string& id) {
  return ok(R"({"AccessKeyId": ")" + id +
            R"(", "SecretAccessKey": "s", "Token": "t", "Expiration": "2999-01-01T00:00:00Z"})");
}

std::string sts_keys(const std::string& action) {
  return ok(
      "<" + action + "Response><" + action +
      "Result><Credentials><AccessKeyId>ASIA</AccessKeyId><SecretAccessKey>s</SecretAccessKey>"
      "<SessionToken>t&amp;t</SessionToken><Expiration>2999-01-01T00:00:00Z</Expiration>"
      "</Credentials></" +
      action + "Result></" + action + "Response>");
}

TEST_CASE("the environment's keys go before those of a profile") {
  const ScratchFolder folder;
  std::ofstream(folder / "credentials") << "[default]\naws_access_key_id = A\n"
                                           "aws_secret_access_key = B\n";
  CloudRun::Environment environment{{"AWS_SHARED_CREDENTIALS_FILE", folder / "credentials"}};
  CHECK(CloudRun(folder, kShow, environment).says("profile default A B none"));
  environment["AWS_ACCESS_KEY_ID"] = "C";
  environment["AWS_SECRET_ACCESS_KEY"] = "D";
  environment["AWS_SESSION_TOKEN"] = "E";
  CHECK(CloudRun(folder, kShow, environment).says("environment C D E"));
}

TEST_CASE("a profile is read from both of its files") {
  const ScratchFolder folder;
  std::ofstream(folder / "config") << "[profile load test]\nregion = eu-west-3\n"
                                      "aws_access_key_id=config\n; a comment\ns3 =\n  x = y\n";
  std::ofstream(folder / "keys") << "[load test]\naws_access_key_id=file\n"
                                    "aws_secret_access_key = a=b/c+d\n";
  const CloudRun run(
      folder, R"lua(
    local aws = credentials.aws { aws_profile = "load test" }
    local found = aws:get()
    print(found.access_key_id, found.secret_access_key)
    print(aws:sign({ url = "http://h/", service = "s3" }).Authorization)
  )lua",
      {{"AWS_CONFIG_FILE", folder / "config"}, {"AWS_SHARED_CREDENTIALS_FILE", folder / "keys"}});
  CHECK(run.says("file\ta=b/c+d"));
  CHECK(run.says("/eu-west-3/s3/aws4_request, SignedHeaders=host;x-amz-content-sha256;x-amz-date"));
}

TEST_CASE("a web identity's token is exchanged for keys in the body of a request") {
  const RawServer server({answers({sts_keys("AssumeRoleWithWebIdentity")})});
  const ScratchFolder folder;
  std::ofstream(folder / "token") << "the.token\n";
  const CloudRun run(folder, kShow,
                     {{"AWS_WEB_IDENTITY_TOKEN_FILE", folder / "token"},
                      {"AWS_ROLE_ARN", "arn:aws:iam::1:role/load"},
                      {"AWS_ENDPOINT_URL_STS", server.url("")}});
  CHECK_MESSAGE(run.says("STS ASIA s t&t"), run.text());
  REQUIRE(server.requests().size() == 1);
  const std::string request = server.requests()[0];
  CHECK(request.starts_with("POST / HTTP/1.1"));
  CHECK(request.ends_with(
      "Action=AssumeRoleWithWebIdentity&RoleArn=arn%3Aaws%3Aiam%3A%3A1%3Arole%2Fload&"
      "RoleSessionName=perigee&Version=2011-06-15&WebIdentityToken=the.token"));
}

TEST_CASE("a profile's role is assumed with the keys of its source") {
  const RawServer server({answers({sts_keys("AssumeRole")})});
  const ScratchFolder folder;
  std::ofstream(folder / "config")
      << "[default]\nrole_arn = arn:aws:iam::1:role/x\nsource_profile = base\n"
         "[profile base]\naws_access_key_id = BASE\naws_secret_access_key = s\n";
  const CloudRun run(folder, kShow,
                     {{"AWS_CONFIG_FILE", folder / "config"},
                      {"AWS_REGION", "eu-west-1"},
                      {"AWS_ENDPOINT_URL_STS", server.url("")}});
  CHECK_MESSAGE(run.says("STS ASIA s t&t"), run.text());
  REQUIRE(server.requests().size() == 1);
  CHECK(server.requests()[0].find("Credential=BASE/") != std::string::npos);
  CHECK(server.requests()[0].find("/eu-west-1/sts/aws4_request") != std::string::npos);
}

TEST_CASE("a container's keys are asked for with its token, and by no proxy") {
  const RawServer server({answers({json_keys("CONTAINER")})});
  const ScratchFolder folder;
  const CloudRun run(folder, kShow,
                     {{"AWS_CONTAINER_CREDENTIALS_FULL_URI", server.url("/keys")},
                      {"AWS_CONTAINER_AUTHORIZATION_TOKEN", "the-token"},
                      {"HTTP_PROXY", "http://127.0.0.1:1"},
                      {"NO_PROXY", "nowhere"}});
  CHECK_MESSAGE(run.says("container CONTAINER s t"), run.text());
  REQUIRE(server.requests().size() == 1);
  CHECK(server.requests()[0].find("\r\nAuthorization: the-token\r\n") != std::string::npos);
}

TEST_CASE("an instance's keys are asked for by version 2 of the metadata service") {
  const RawServer server({answers({ok("session"), ok("a-role\n"), json_keys("INSTANCE")})});
  const ScratchFolder folder;
  const CloudRun run(
      folder, kShow,
      {{"AWS_EC2_METADATA_DISABLED", ""}, {"AWS_EC2_METADATA_SERVICE_ENDPOINT", server.url("")}});
  CHECK_MESSAGE(run.says("instance metadata INSTANCE s t"), run.text());
  REQUIRE(server.requests().size() == 3);
  CHECK(server.requests()[0].starts_with("PUT /latest/api/token HTTP/1.1"));
  CHECK(server.requests()[2].starts_with(
      "GET /latest/meta-data/iam/security-credentials/a-role HTTP/1.1"));
  CHECK(server.requests()[2].find("X-aws-ec2-metadata-token: session") != std::string::npos);
}

TEST_CASE("keys that expire soon are asked for again") {
  const std::string soon =
      ok(R"({"AccessKeyId": "OLD", "SecretAccessKey": "s", "Expiration": "2020-01-01T00:00:00Z"})");
  const RawServer server({answers({soon, json_keys("NEW")})});
  const ScratchFolder folder;
  const CloudRun run(folder, R"lua(
    local aws = credentials.aws()
    for _ = 1, 3 do print("key " .. aws:get().access_key_id) end
  )lua",
                     {{"AWS_CONTAINER_CREDENTIALS_FULL_URI", server.url("/keys")}});
  CHECK_MESSAGE(run.says("key OLD"), run.text());
  CHECK(run.says("key NEW"));
  CHECK(server.requests().size() == 2);
}

TEST_CASE("where there are no keys the error names every source that was asked") {
  const ScratchFolder folder;
  const CloudRun run(folder, kShow, {{"AWS_CONFIG_FILE", "/nowhere/config"}});
  CHECK_MESSAGE(run.says("no credentials for AWS: settings (not given); environment "
                         "(AWS_ACCESS_KEY_ID is not set); profile (there is no profile \"default\" "
                         "in /nowhere/config and "),
                run.text());
  CHECK(
      run.says("web identity (AWS_WEB_IDENTITY_TOKEN_FILE is not set); container "
               "(AWS_CONTAINER_CREDENTIALS_FULL_URI is not set); instance metadata "
               "(AWS_EC2_METADATA_DISABLED is set)"));
}

TEST_CASE("a misspelt setting is refused, and half a key") {
  const ScratchFolder folder;
  const CloudRun run(folder, R"lua(
    print(select(2, pcall(credentials.aws, { aws_acces_key_id = "SECRET" })))
    print(select(2, pcall(function()
      return credentials.aws { aws_access_key_id = "A" }:get()
    end)))
  )lua",
                     {});
  CHECK(run.says("credentials.aws: there is no setting \"aws_acces_key_id\"; there are: "));
  CHECK(run.says("aws_access_key_id and aws_secret_access_key are only complete together"));
  CHECK_FALSE(run.says("SECRET"));
}

TEST_CASE("a profile's process prints its keys, and what it prints instead is no secret told") {
  const ScratchFolder folder;
  std::ofstream(folder / "config")
      << "[default]\ncredential_process = echo '{\"Version\": 1, \"AccessKeyId\": \"P\", "
         "\"SecretAccessKey\": \"Q\", \"SessionToken\": \"R\"}'\n"
         "[profile broken]\ncredential_process = exit 3\n"
         "[profile empty]\ncredential_process = echo THE-SECRET\n";
  const CloudRun::Environment environment{{"AWS_CONFIG_FILE", folder / "config"},
                                          {"AWS_SHARED_CREDENTIALS_FILE", "/dev/null"}};
  const CloudRun run(folder, kShow, environment);
  CHECK_MESSAGE(run.says("process of profile default P Q R"), run.text());
  const CloudRun others(folder, R"lua(
    for _, name in ipairs { "broken", "empty" } do
      print(select(2, pcall(function() return credentials.aws { aws_profile = name }:get() end)))
    end
  )lua",
                        environment);
  CHECK_MESSAGE(others.says("its credential_process: sh ended with 3"), others.text());
  CHECK(others.says("its credential_process printed no keys of version 1"));
  CHECK_FALSE(others.says("THE-SECRET"));
}

TEST_CASE("a session of SSO is shown for keys, and one that has ended is to be begun again") {
  const RawServer server({answers({ok(
      R"({"roleCredentials": {"accessKeyId": "S", "secretAccessKey": "T", "sessionToken": "U",
          "expiration": 32503680000000}})")})});
  const ScratchFolder folder;
  std::filesystem::create_directories(folder / ".aws/sso/cache");
  std::ofstream(folder / ".aws/config")
      << "[default]\nsso_session = corp\nsso_account_id = 123\nsso_role_name = load er\n"
         "[sso-session corp]\nsso_region = eu-west-1\nsso_start_url = https://corp.test/start\n";
  const auto keep = [&](const std::string& ends) {
    // The SHA-1 of "corp".
    std::ofstream(folder / ".aws/sso/cache/ee0bfd2552fbd840c02cc48b6e823320543c450f.json")
        << R"({"accessToken": "THE-TOKEN", "expiresAt": ")" << ends << R"("})";
  };
  const CloudRun::Environment environment{{"AWS_ENDPOINT_URL", server.url("")},
                                          {"AWS_CONFIG_FILE", folder / ".aws/config"}};
  keep("2999-01-01T00:00:00Z");
  const CloudRun run(folder, kShow, environment);
  CHECK_MESSAGE(run.says("SSO of profile default S T U"), run.text());
  REQUIRE(server.requests().size() == 1);
  const std::string request = server.requests()[0];
  CHECK(request.starts_with(
      "GET /federation/credentials?account_id=123&role_name=load%20er HTTP/1.1"));
  CHECK(request.find("x-amz-sso_bearer_token: THE-TOKEN\r\n") != std::string::npos);
  CHECK_FALSE(run.says("THE-TOKEN"));
  keep("2020-01-01T00:00:00Z");
  const CloudRun late(folder, kShow, environment);
  CHECK_MESSAGE(late.says("its SSO session has ended: run aws sso login --profile default"),
                late.text());
}

}  // namespace
}  // namespace perigee
