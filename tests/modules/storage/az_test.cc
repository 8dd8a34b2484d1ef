// storage.* at az:// URIs, by servers that answer as a test says. With a key: tests/peers.
#include <fstream>

#include "tests/modules/storage/cloud_run.h"
#include "tests/support/http_answers.h"
#include "tests/support/raw_server.h"

namespace perigee {
namespace {

CloudRun::Environment environment_of(const RawServer& server) {
  return {{"ENDPOINT", server.url("")},
          {"AZURE_AUTHORITY_HOST", server.url("")},
          {"AZURE_POD_IDENTITY_AUTHORITY_HOST", server.url("")},
          {"AZURE_STORAGE_CONNECTION_STRING", ""},
          {"AZURE_STORAGE_KEY", ""},
          {"AZURE_STORAGE_SAS_TOKEN", ""},
          {"AZURE_TENANT_ID", "tenant"},
          {"AZURE_CLIENT_ID", "client"},
          {"AZURE_CLIENT_SECRET", ""},
          {"AZURE_FEDERATED_TOKEN_FILE", ""},
          {"IDENTITY_ENDPOINT", ""}};
}

constexpr const char* kPut = R"lua(
print("put", storage.put("az://account.blob.core.windows.net/box/a b", "data",
  { endpoint = __ENV.ENDPOINT }))
)lua";

std::string token() {
  return ok(R"({"access_token": "T", "expires_in": 3600})");
}

std::string body_of(const std::string& request) {
  return request.substr(request.find("\r\n\r\n") + 4);
}

TEST_CASE("a shared access signature is added to the URL, and shown to nobody") {
  const RawServer server({answers({answer("201 Created"), answer("403 Forbidden")})});
  const ScratchFolder folder;
  CloudRun::Environment environment = environment_of(server);
  environment["AZURE_STORAGE_SAS_TOKEN"] = "?sv=2021&sig=a%2Bb";
  environment["PERIGEE_OUT"] = "json=" + (folder / "samples.json");
  const CloudRun run(folder, std::string(kPut) + kPut, environment);
  REQUIRE(server.requests().size() == 2);
  const std::string request = server.requests()[0];
  CHECK(request.starts_with("PUT /box/a%20b?sv=2021&sig=a%2Bb HTTP/1.1"));
  CHECK(request.find("\r\nx-ms-blob-type: BlockBlob\r\n") != std::string::npos);
  // The MD5 of "data".
  CHECK(request.find("\r\nContent-MD5: jXd/OF09/siBXSD3SWAm3A==\r\n") != std::string::npos);
  CHECK_MESSAGE(run.says("a b: put: 403 Forbidden"), run.text());
  CHECK_FALSE(run.says("a%2Bb"));
  const std::string samples = read_text(folder / "samples.json");
  CHECK(samples.find("az put") != std::string::npos);
  CHECK(samples.find("a%2Bb") == std::string::npos);
}

TEST_CASE("a client's secret is exchanged for a token, which requests carry") {
  const RawServer server({answers({token(), answer("201 Created")})});
  const ScratchFolder folder;
  CloudRun::Environment environment = environment_of(server);
  environment["AZURE_CLIENT_SECRET"] = "the secret";
  const CloudRun run(folder, kPut, environment);
  CHECK_MESSAGE(run.says("put\ttable"), run.text());
  size_t tokens = 0;
  for (const std::string& request : server.requests()) {
    if (!request.starts_with("POST /tenant/oauth2/v2.0/token HTTP/1.1")) continue;
    ++tokens;
    CHECK(body_of(request) ==
          "client_id=client&client_secret=the%20secret&grant_type=client_credentials&"
          "scope=https%3A%2F%2Fstorage.azure.com%2F.default");
  }
  CHECK(tokens == 1);
  CHECK(server.requests().back().find("\r\nAuthorization: Bearer T\r\n") != std::string::npos);
}

TEST_CASE("a workload's token is shown in the secret's place") {
  const RawServer server({answers({token(), answer("201 Created")})});
  const ScratchFolder folder;
  std::ofstream(folder / "federated") << "the.token\n";
  CloudRun::Environment environment = environment_of(server);
  environment["AZURE_FEDERATED_TOKEN_FILE"] = folder / "federated";
  const CloudRun run(folder, kPut, environment);
  CHECK_MESSAGE(run.says("put\ttable"), run.text());
  REQUIRE(server.requests().size() == 2);
  CHECK(body_of(server.requests()[0]).starts_with("client_assertion=the.token&"));
}

TEST_CASE("a machine's identity is asked for last, and what was asked is in the failure") {
  const RawServer server(
      {answers({token(), answer("201 Created")}), answers({answer("201 Created")})});
  const ScratchFolder folder;
  const CloudRun run(folder, kPut, environment_of(server));
  CHECK_MESSAGE(run.says("put\ttable"), run.text());
  CHECK(server.requests()[0].starts_with(
      "GET /metadata/identity/oauth2/token?api-version=2018-02-01&client_id=client&"
      "resource=https%3A%2F%2Fstorage.azure.com%2F HTTP/1.1"));
  CHECK(server.requests()[0].find("\r\nMetadata: true\r\n") != std::string::npos);
  CloudRun::Environment nobody = environment_of(server);
  nobody["AZURE_POD_IDENTITY_AUTHORITY_HOST"] = "http://127.0.0.1:1";
  const CloudRun none(folder, kPut, nobody);
  CHECK_MESSAGE(none.says("put: no credentials for Azure: account key (AZURE_STORAGE_KEY is not "
                          "set); SAS (AZURE_STORAGE_SAS_TOKEN is not set); client secret "
                          "(AZURE_CLIENT_SECRET is not set); workload identity "),
                none.text());
}

TEST_CASE("a script's own requests get a token for the scope that it names") {
  const RawServer server({answers({ok(R"({"access_token": "A1", "expires_in": 3600})")})});
  const ScratchFolder folder;
  const CloudRun run(folder, R"lua(
    local azure = credentials.azure { scope = "https://cognitiveservices.azure.com/.default" }
    print(azure:headers().Authorization, azure:get().token)
    print(select(2, pcall(credentials.azure, { scop = "x" })))
  )lua",
                     {{"AZURE_TENANT_ID", "tenant"},
                      {"AZURE_CLIENT_ID", "client"},
                      {"AZURE_CLIENT_SECRET", "THE-SECRET"},
                      {"AZURE_AUTHORITY_HOST", server.url("")}});
  CHECK_MESSAGE(run.says("Bearer A1\tA1"), run.text());
  CHECK(run.says("there is no setting \"scop\"; there are: scope"));
  REQUIRE(server.requests().size() == 1);
  CHECK(server.requests()[0].find("scope=https%3A%2F%2Fcognitiveservices.azure.com%2F.default") !=
        std::string::npos);
  CHECK_FALSE(run.says("THE-SECRET"));
}

}  // namespace
}  // namespace perigee
