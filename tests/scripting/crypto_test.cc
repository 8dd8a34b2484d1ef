#include <doctest/doctest.h>
#include <fmt/format.h>

#include "tests/scripting/evaluate.h"

namespace perigee {
namespace {

// The digests of "The quick brown fox", without a key and with the key "key", as Python's hashlib
// and hmac compute them.
struct Digests {
  const char* algorithm;
  const char* hash;
  const char* hmac;
};

constexpr Digests kDigests[] = {
    {"md5", "a2004f37730b9445670a738fa0fc9ee5", "d006bc60c92ff6e54f615474fe835e02"},
    {"ripemd160", "aa1dd8137a60bbfb149657beca550f4c7321060d",
     "e877bf284add1cea7055483c6b6ddfabf111f1c3"},
    {"sha1", "c519c1a06cdbeb2bc499e22137fb48683858b345",
     "22f9e077a3cebd09248154f85d9a56c79941fd96"},
    {"sha256", "5cac4f980fedc3d3f1f99b4be3472c9b30d56523e632d151237ec9309048bda9",
     "203d1e5cedd2d18f8c5a3beff0bd9c1ebcb97097dfcb288c46b00c9227fde2c0"},
    {"sha384",
     "2e45933dd1a1e6a6928a732d58abeb180c225e5e7b99c64eb6f233a7b99ee4635c17f44ca544cf62"
     "0cf4289deb4c08cf",
     "60638fa0aa4b044fc6f50d5c4a11dd5c26863cd335e3aac16ac6434fc79505dfb05bc3d02a556e27"
     "1979b41c9379f579"},
    {"sha512",
     "015e6d23e760f612cca616c54f110cb12dd54213f1e046c7607081372402eff4936b379296ed5492"
     "36020afb37bd3e728a044a4243754f095498c98bc24f77e0",
     "36f44b125a8a90639dc46733039571792e081e0fd8685ff746784b02ed14aa35629d562c7117cde4"
     "a701570551faa5a5e1b7ef1eb5c3bcd4cc1fdb8923fcf14e"},
    {"sha512_224", "d3f7845efd77de7aceb0e3049be18ce8e99e5607cd79a07323a19cea",
     "154e8362ba385695d16a9075de371fb5cbca8fd0a65a420089c9babb"},
    {"sha512_256", "d99dd5e1f7302ded09f1557974a2d53b3d001a2071c9ac24150a66c7c992d8f6",
     "fc7b4ba201770f6c65fb3cca030cc95e9ef188da51d78f76667c64848f478bfc"},
};

}  // namespace

TEST_CASE("every hash algorithm agrees with Python's hashlib and hmac") {
  for (const Digests& known : kDigests) {
    CAPTURE(known.algorithm);
    CHECK(evaluate(fmt::format("crypto.{}('The quick brown fox')", known.algorithm)) == known.hash);
    CHECK(evaluate(fmt::format("crypto.hmac('{}', 'key', 'The quick brown fox')",
                               known.algorithm)) == known.hmac);
  }
}

TEST_CASE("a digest is written as hexadecimal, Base64 or bytes") {
  CHECK(evaluate("crypto.sha256('The quick brown fox', 'base64')") ==
        "XKxPmA/tw9Px+ZtL40csmzDVZSPmMtFRI37JMJBIvak=");
  CHECK(evaluate("crypto.sha256('The quick brown fox', 'base64url')") ==
        "XKxPmA_tw9Px-ZtL40csmzDVZSPmMtFRI37JMJBIvak=");
  CHECK(evaluate("crypto.sha256('The quick brown fox', 'base64rawurl')") ==
        "XKxPmA_tw9Px-ZtL40csmzDVZSPmMtFRI37JMJBIvak");
  CHECK(evaluate("crypto.hex_encode(crypto.md5('The quick brown fox', 'binary'))") ==
        "a2004f37730b9445670a738fa0fc9ee5");
  CHECK(evaluate("crypto.md5('a', 'base65')") ==
        "script.lua:5: crypto.md5: there is no output encoding \"base65\" (did you mean "
        "\"base64\"?); there are "
        "hex, base64, base64url, base64rawurl, binary");
}

TEST_CASE("a hasher takes data in parts and may go on after a digest") {
  const char* parts = R"lua(
local hasher = crypto.create_hash("sha1")
local first = hasher:update("The quick "):digest()
local keyed = crypto.create_hmac("sha1", "key"):update("The quick brown"):update(" fox")
)lua";
  CHECK(evaluate("hasher:update('brown fox'):digest()", parts) ==
        "c519c1a06cdbeb2bc499e22137fb48683858b345");
  CHECK(evaluate("first == crypto.sha1('The quick ')", parts) == "true");
  CHECK(evaluate("keyed:digest('hex')", parts) == "22f9e077a3cebd09248154f85d9a56c79941fd96");
  CHECK(evaluate("keyed:digest() == keyed:digest()", parts) == "true");
  CHECK(evaluate("crypto.create_hash('md5'):digest()") == "d41d8cd98f00b204e9800998ecf8427e");
  CHECK(evaluate("crypto.create_hmac('md5', ''):digest()") == "74e6f7298a9c2d168935f58c001bad88");
}

TEST_CASE("an unknown algorithm is named with the closest one") {
  CHECK(evaluate("crypto.create_hash('sha-256')")
            .find("script.lua:5: crypto.create_hash: there is no hash algorithm \"sha-256\" (did "
                  "you mean \"sha256\"?)") == 0);
  CHECK(evaluate("crypto.sha255('')")
            .find("script.lua:5: there is no perigee.crypto.sha255 (did you mean \"sha256\"?)") ==
        0);
}

TEST_CASE("an algorithm that this system does not offer is neither named nor offered") {
  const bool offers_md4 = evaluate("crypto.md4('')").find("does not offer") == std::string::npos;
  const std::string refusal = evaluate("crypto.create_hash('mdd4')");
  INFO(refusal);
  CHECK((refusal.find("\"md4\"") != std::string::npos) == offers_md4);
  CHECK((refusal.find("there are md4") != std::string::npos) == offers_md4);
}

TEST_CASE("md4 is computed, or the error says that this system has none") {
  const std::string digest = evaluate("crypto.md4('')");
  const bool computed = digest == "31d6cfe0d16ae931b73c59d7e0c089c0";
  const bool refused =
      digest.find("script.lua:5: crypto.md4: the OpenSSL of this system does not offer md4") == 0;
  CHECK((computed || refused));
}

TEST_CASE("a hasher is called with a colon") {
  CHECK(evaluate("crypto.create_hash('md5').update('a')")
            .find("script.lua:5: hasher:update: write hasher:update(data), with a colon") == 0);
}

TEST_CASE("random bytes come in the number asked for, others each time") {
  CHECK(evaluate("#crypto.random_bytes(100)") == "100");
  CHECK(evaluate("#crypto.random_bytes(0)") == "0");
  CHECK(evaluate("crypto.random_bytes(16) == crypto.random_bytes(16)") == "false");
  CHECK(
      evaluate("crypto.random_bytes(-1)") ==
      "script.lua:5: crypto.random_bytes: the number of bytes must be from 0 to 16777216, got -1");
}

}  // namespace perigee
