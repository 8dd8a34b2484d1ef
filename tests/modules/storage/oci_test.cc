// credentials.oci and storage.* at oci:// URIs, by servers that answer as a test says and verify
// what was signed.
#include <cctype>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "engine/base/base64.h"
#include "scripting/signature_key.h"
#include "tests/modules/storage/cloud_run.h"
#include "tests/scripting/signature_keys.h"
#include "tests/support/http_answers.h"
#include "tests/support/raw_server.h"

namespace perigee {
namespace {

// Of the examples in the provider's documentation of request signatures.
constexpr const char* kPublishedKey = R"(-----BEGIN RSA PRIVATE KEY-----
MIICXgIBAAKBgQDCFENGw33yGihy92pDjZQhl0C36rPJj+CvfSC8+q28hxA161QF
NUd13wuCTUcq0Qd2qsBe/2hFyc2DCJJg0h1L78+6Z4UMR7EOcpfdUE9Hf3m/hs+F
UR45uBJeDK1HSFHD8bHKD6kv8FPGfJTotc+2xjJwoYi+1hqp1fIekaxsyQIDAQAB
AoGBAJR8ZkCUvx5kzv+utdl7T5MnordT1TvoXXJGXK7ZZ+UuvMNUCdN2QPc4sBiA
QWvLw1cSKt5DsKZ8UETpYPy8pPYnnDEz2dDYiaew9+xEpubyeW2oH4Zx71wqBtOK
kqwrXa/pzdpiucRRjk6vE6YY7EBBs/g7uanVpGibOVAEsqH1AkEA7DkjVH28WDUg
f1nqvfn2Kj6CT7nIcE3jGJsZZ7zlZmBmHFDONMLUrXR/Zm3pR5m0tCmBqa5RK95u
412jt1dPIwJBANJT3v8pnkth48bQo/fKel6uEYyboRtA5/uHuHkZ6FQF7OUkGogc
mSJluOdc5t6hI1VsLn0QZEjQZMEOWr+wKSMCQQCC4kXJEsHAve77oP6HtG/IiEn7
kpyUXRNvFsDE0czpJJBvL/aRFUJxuRK91jhjC68sA7NsKMGg5OXb5I5Jj36xAkEA
gIT7aFOYBFwGgQAQkWNKLvySgKbAZRTeLBacpHMuQdl1DfdntvAyqpAZ0lY0RKmW
G6aFKaqQfOXKCyWoUiVknQJAXrlgySFci/2ueKlIE1QqIiLSZ8V8OlpFLRnb1pzI
7U1yQXnTAEFYM560yJlzUpOb1V4cScGd365tiSMvxLOvTA==
-----END RSA PRIVATE KEY-----
)";

// ~/.oci/config with a key beside it.
void configure(const ScratchFolder& folder, const std::string& key = kRsaKey,
               const std::string& more = {}) {
  std::filesystem::create_directories(folder / ".oci");
  std::ofstream(folder / ".oci/key.pem") << key;
  std::ofstream(folder / ".oci/config")
      << "[DEFAULT]\ntenancy=T\nuser=U\nfingerprint=20:3b\nkey_file=~/.oci/key.pem\n"
         "region=us-phoenix-1\n"
      << more;
}

std::string header(const std::string& request, const std::string& name) {
  std::istringstream lines(request);
  for (std::string line; std::getline(lines, line) && line != "\r";) {
    const size_t colon = line.find(": ");
    if (colon == std::string::npos) continue;
    std::string lower = line.substr(0, colon);
    for (char& c : lower)
      c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    if (lower == name) return line.substr(colon + 2, line.size() - colon - 3);
  }
  return {};
}

std::string field(const std::string& authorization, const std::string& name) {
  const size_t at = authorization.find(name + "=\"");
  if (at == std::string::npos) return {};
  const size_t begin = at + name.size() + 2;
  return authorization.substr(begin, authorization.find('"', begin) - begin);
}

// Whether the signature of a request is that of its own headers, as the service verifies it.
bool is_signed(const std::string& request, const std::string& public_key = kRsaPublicKey) {
  const std::string authorization = header(request, "authorization");
  std::istringstream names(field(authorization, "headers"));
  std::string text;
  for (std::string name; names >> name;) {
    std::string value = header(request, name);
    if (name == "(request-target)") {
      const std::string line = request.substr(0, request.find(" HTTP/1.1"));
      const size_t blank = line.find(' ');
      value = line.substr(0, blank);
      for (char& c : value)
        c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
      value += line.substr(blank);
    }
    text += (text.empty() ? "" : "\n") + name + ": " + value;
  }
  const auto signature = decode_base64(field(authorization, "signature"), Base64::kStandard);
  return signature && SignatureKey::public_key(public_key).verify("RS256", text, *signature);
}

TEST_CASE("requests are signed as the provider's published examples are") {
  const ScratchFolder folder;
  configure(folder, kPublishedKey);
  const CloudRun run(folder, R"lua(
    local oci = credentials.oci()
    local date = "Thu, 05 Jan 2014 21:31:40 GMT"
    local base = "https://iaas.us-phoenix-1.oraclecloud.com/20160918/"
    local volume = "ocid1.volume.oc1.phx.abyhqljrgvttnlx73nmrwfaux7kcvzfs3s66izvxf2h4lgvyndsdsnoiwr5q"
    local compartment = "ocid1.compartment.oc1..aaaaaaaam3we6vgnherjq5q2idnccdflvjsnog7mlr6rtdb25gilchfeyjxa"
    print(oci:sign { headers = { Date = date }, url = base ..
      "instances?availabilityDomain=Pjwf%3A%20PHX-AD-1&compartmentId=" .. compartment ..
      "&displayName=TeamXInstances&volumeId=" .. volume }.authorization)
    local body = '{\n    "compartmentId": "' .. compartment .. '",\n    "instanceId": ' ..
      '"ocid1.instance.oc1.phx.abuw4ljrlsfiqw6vzzxb43vyypt4pkodawglp3wqxjqofakrwvou52gb6s5a"' ..
      ',\n    "volumeId": "' .. volume .. '"\n}'
    print(oci:sign { method = "post", url = base .. "volumeAttachments", body = body,
      headers = { Date = date, ["Content-Type"] = "application/json" } }.authorization)
  )lua",
                     {});
  CHECK_MESSAGE(
      run.says("keyId=\"T/U/20:3b\",algorithm=\"rsa-sha256\",signature=\"GBas7grhyrhSKHP6AVI"
               "j/h5/Vp8bd/peM79H9Wv8kjoaCivujVXlpbKLjMPeDUhxkFIWtTtLBj3sUzaFj34XE6YZAHc9"
               "r2DmE4pMwOAy/kiITcZxa1oHPOeRheC0jP2dqbTll8fmTZVwKZOKHYPtrLJIJQHJjNvxFWeHQj"
               "MaR7M=\""),
      run.text());
  CHECK(
      run.says("headers=\"date (request-target) host content-length content-type "
               "x-content-sha256\""));
  CHECK(
      run.says("signature=\"Mje8vIDPlwIHmD/cTDwRxE7HaAvBg16JnVcsuqaNRim23fFPgQfLoOOxae6WqKb1uPj"
               "YEl0qIdazWaBy/Ml8DRhqlocMwoSXv0fbukP8J5N80LCmzT/FFBvIvTB91XuXI3hYfP9Zt1l7S6ieVadH"
               "UfqBedWH0itrtPJBgKmrWso=\""));
}

TEST_CASE("an object is put, got, listed and deleted with signatures") {
  const std::string md5 = "jXd/OF09/siBXSD3SWAm3A==";  // of "data"
  const RawServer server({answers(
      {answer("200 OK", "ETag: e1\r\n"), answer("200 OK", "Content-MD5: " + md5 + "\r\n", "data"),
       answer("200 OK", "Content-MD5: " + md5 + "\r\n", "dada"),
       ok(R"({"objects": [{"name": "x/a b", "size": 4}], "nextStartWith": "x/b"})"),
       ok(R"({"objects": [{"name": "x/b", "size": 5}]})"), answer("204 No Content"),
       answer("404 Not Found", {}, R"({"code": "ObjectNotFound", "message": "none"})"),
       answer("404 Not Found", {},
              R"({"code": "BucketNotFound", "message": "no such bucket"})")})});
  const ScratchFolder folder;
  configure(folder);
  const CloudRun run(folder, R"lua(
    local options = { endpoint = __ENV.ENDPOINT }
    local uri = "oci://n/space/b/bucket/o/x/a b+%é"
    print("etag " .. assert(storage.put(uri, "data", options)).etag)
    assert(storage.get(uri, options) == "data")
    print(select(2, storage.get(uri, options)))
    for _, item in ipairs(assert(storage.list("oci://n/space/b/bucket/o/x", options))) do
      print(("<%s> %d"):format(item.name, item.size))
    end
    assert(storage.delete(uri, options) and storage.delete(uri, options))
    print(select(2, storage.put(uri, "data", options)))
  )lua",
                     {{"ENDPOINT", server.url("")}});
  CHECK_MESSAGE(run.says("etag e1"), run.text());
  CHECK(run.says("Damaged: its MD5 is not the server's"));
  CHECK(run.says("<a b> 4"));
  CHECK(run.says("<b> 5"));
  CHECK(run.says("put: 404 BucketNotFound: no such bucket"));
  const std::vector<std::string> requests = server.requests();
  REQUIRE(requests.size() == 8);
  for (const std::string& request : requests)
    CHECK_MESSAGE(is_signed(request), request);
  CHECK(requests[0].starts_with("PUT /n/space/b/bucket/o/x/a%20b%2B%25%C3%A9 HTTP/1.1"));
  CHECK(header(requests[0], "content-md5") == md5);
  CHECK(requests[4].find("start=x%2Fb") != std::string::npos);
}

TEST_CASE("a large object goes in parts that are committed with their ETags") {
  const RawServer server(
      {answers({ok(R"({"uploadId": "u1"})"), answer("200 OK", "ETag: p1\r\n"),
                answer("200 OK", "ETag: p2\r\n"), answer("200 OK", "ETag: whole\r\n")})});
  const ScratchFolder folder;
  configure(folder);
  const CloudRun run(folder, R"lua(
    print("etag " .. assert(storage.put("oci://n/s/b/b/o/k", "abc",
      { endpoint = __ENV.ENDPOINT, part_size = 2 })).etag)
  )lua",
                     {{"ENDPOINT", server.url("")}});
  CHECK_MESSAGE(run.says("etag whole"), run.text());
  const std::vector<std::string> requests = server.requests();
  REQUIRE(requests.size() == 4);
  for (const std::string& request : requests)
    CHECK_MESSAGE(is_signed(request), request);
  CHECK(requests[2].starts_with("PUT /n/s/b/b/u/k?uploadId=u1&uploadPartNum=2 HTTP/1.1"));
  CHECK(requests[3].find(R"("partNum":2)") != std::string::npos);
  CHECK(requests[3].find(R"("etag":"p2")") != std::string::npos);
}

TEST_CASE("a session's token is the id of the key that signs") {
  const RawServer server({answers(1)});
  const ScratchFolder folder;
  configure(folder, kRsaKey, "[S]\nsecurity_token_file=~/.oci/token\n");
  std::ofstream(folder / ".oci/token") << "the.session.token\n";
  const CloudRun run(folder, R"lua(
    assert(storage.get("oci://n/s/b/b/o/k", { endpoint = __ENV.ENDPOINT, oci_profile = "S",
      oci_auth = "security_token" }))
  )lua",
                     {{"ENDPOINT", server.url("")}});
  REQUIRE_MESSAGE(server.requests().size() == 1, run.text());
  CHECK(is_signed(server.requests()[0]));
  CHECK(field(header(server.requests()[0], "authorization"), "keyId") == "ST$the.session.token");
  CHECK_FALSE(run.says("the.session.token"));
}

// The certificate of an instance, made by openssl with the key that tests sign with.
std::string certificate_of(const ScratchFolder& folder) {
  std::ofstream(folder / "leaf.key") << kRsaKey;
  const std::string command = "openssl req -x509 -new -key " + (folder / "leaf.key") +
                              " -days 2 -subj '/CN=instance/OU=opc-tenant:ocid1.tenancy.oc1..me1/"
                              "OU=opc-instance:x' -out " +
                              (folder / "leaf.pem") + " 2>/dev/null";
  REQUIRE(std::system(command.c_str()) == 0);
  return read_text(folder / "leaf.pem");
}

TEST_CASE("an instance signs with a key of its own that its certificate has vouched for") {
  const ScratchFolder folder;
  const std::string certificate = certificate_of(folder);
  const RawServer metadata(
      {answers({ok(R"({"regionIdentifier": "eu-x-1", "realmDomainComponent": "oc.test"})"),
                ok(certificate), ok(kRsaKey), ok(certificate)})});
  const RawServer federation({answers({ok(R"({"token": "a.b.c"})")})});
  const RawServer server({answers(2)});
  const CloudRun run(folder, R"lua(
    local options = { endpoint = __ENV.ENDPOINT, oci_auth = "instance_obo_user" }
    for _ = 1, 2 do assert(storage.get("oci://n/s/b/b/o/k", options)) end
  )lua",
                     {{"ENDPOINT", server.url("")},
                      {"OCI_METADATA_BASE_URL", metadata.url("/opc/v2")},
                      {"OCI_OBO_TOKEN", "on-behalf-of-somebody"},
                      {"OCI_SDK_AUTH_CLIENT_REGION_URL", federation.url("")}});
  REQUIRE_MESSAGE(metadata.requests().size() == 4, run.text());
  CHECK(header(metadata.requests()[0], "authorization") == "Bearer Oracle");
  REQUIRE_MESSAGE(federation.requests().size() == 1, run.text());
  const std::string asked = federation.requests()[0];
  CHECK(is_signed(asked));
  const std::string key_id = field(header(asked, "authorization"), "keyId");
  CHECK_MESSAGE(key_id.starts_with("ocid1.tenancy.oc1..me1/fed-x509/"), key_id);
  CHECK(key_id.size() == std::string("ocid1.tenancy.oc1..me1/fed-x509/").size() + 59);
  CHECK(field(header(asked, "authorization"), "headers").find("host") == std::string::npos);
  // The session's key is the one whose public part was sent.
  const std::string marker = R"("publicKey":")";
  const size_t at = asked.find(marker) + marker.size();
  const std::string pem = "-----BEGIN PUBLIC KEY-----\n" +
                          asked.substr(at, asked.find('"', at) - at) +
                          "\n-----END PUBLIC KEY-----\n";
  REQUIRE(server.requests().size() == 2);
  for (const std::string& request : server.requests()) {
    CHECK(is_signed(request, pem));
    CHECK(field(header(request, "authorization"), "keyId") == "ST$a.b.c");
    CHECK(header(request, "opc-obo-token") == "on-behalf-of-somebody");
    CHECK(field(header(request, "authorization"), "headers").ends_with(" opc-obo-token"));
  }
  CHECK_FALSE(run.says("on-behalf-of-somebody"));
}

TEST_CASE("what lacks for OCI is said") {
  const ScratchFolder folder;
  const char* put = "print(select(2, storage.put('oci://n/s/b/b/o/k', 'x')))";
  const CloudRun none(folder, put, {});
  CHECK_MESSAGE(none.says("no credentials for OCI: user_principal (there is no file "),
                none.text());
  configure(folder);
  const CloudRun profile(folder, R"lua(
    print(select(2, storage.put("oci://n/s/b/b/o/k", "x", { oci_profile = "none" })))
    print(select(2, pcall(storage.put, "oci://n/s/b/b/o/k", "x", { oci_auth = "magic" })))
    print(select(2, pcall(storage.put, "oci://bucket/k", "x")))
  )lua",
                         {});
  CHECK_MESSAGE(profile.says("there is no profile \"none\""), profile.text());
  CHECK(profile.says("oci_auth: there is no \"magic\"; there are: api_key, instance_obo_user"));
  CHECK(profile.says("\"oci://bucket/k\" names no namespace and bucket: the forms are "));
}

}  // namespace
}  // namespace perigee
