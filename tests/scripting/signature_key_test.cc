// crypto.sign and crypto.verify.
#include <doctest/doctest.h>
#include <fmt/format.h>

#include "tests/scripting/evaluate.h"
#include "tests/scripting/signature_keys.h"

namespace perigee {
namespace {

std::string prefix() {
  return fmt::format(R"lua(
rsa, rsa_public = [[{}]], [[{}]]
ec, ec_public, ec_encrypted = [[{}]], [[{}]], [[{}]]
function round(algorithm, key, public)
  local signature = crypto.sign(algorithm, key, "text", "binary")
  assert(not crypto.verify(algorithm, public, "texts", signature))
  assert(not crypto.verify(algorithm, public, "text", signature .. "x"))
  assert(not crypto.verify(algorithm, public, "text", ""))
  return crypto.verify(algorithm, public, "text", signature), #signature
end
)lua",
                     kRsaKey, kRsaPublicKey, kEcKey, kEcPublicKey, kEncryptedEcKey);
}

// The value, or the message of the error without the script's line.
std::string value(const std::string& expression) {
  const std::string text = evaluate(expression, prefix());
  return text.starts_with("script.lua:") ? text.substr(text.find(": ") + 2) : text;
}

TEST_CASE("a signature by RS256 is that of RFC 7515's example") {
  CHECK(value(R"lua(crypto.sign("RS256", rsa, "eyJhbGciOiJSUzI1NiJ9" ..
    ".eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ",
    "base64rawurl"))lua") ==
        "cC4hiUPoj9Eetdgtv3hF80EGrhuB__dzERat0XF9g2VtQgr9PJbu3XOiZj5RZmh7AAuHIm4Bh-0Qc_lF5YKt_O8W"
        "2Fp5jujGbds9uJdbF9CUAr7t1dnZcAcQjbKBYNX4BAynRFdiuB--f_nZLgrnbyTyWzO75vRK5h6xBArLIARNPvkS"
        "jtQBMHlb1L07Qe7K0GarZRmB_eSN9383LcOLn6_dO--xi12jzDwusC-eOkHWEsqtFZESc6BfI7noOPqvhJ1phCnv"
        "Wh6IeYI2w9QOYEUipUTI8np6LbgGY9Fs98rqVt5AXLIhWkWywlVmtVrBp0igcN_IoypGlUPQGe77Rw");
}

TEST_CASE("what a key has signed its public key verifies, and nothing else") {
  for (const char* algorithm : {"RS256", "RS384", "RS512", "PS256", "PS384", "PS512"}) {
    CAPTURE(algorithm);
    CHECK(value(fmt::format("round('{}', rsa, rsa_public)", algorithm)) == "true");
  }
  CHECK(value("select(2, round('ES256', ec, ec_public))") == "64");
  CHECK(value("crypto.verify('ES256', ec_public, '', crypto.sign('ES256', ec_encrypted, '', "
              "'binary', 'opensesame'))") == "true");
}

TEST_CASE("a key that can't be used is an error that does not show it") {
  CHECK(value("crypto.sign('RS256', 'MY SECRET', 'x')") ==
        "crypto.sign: this is no private key in PEM (-----BEGIN PRIVATE KEY-----)");
  CHECK(value("crypto.verify('RS256', rsa, 'x', 'y')") ==
        "crypto.verify: this is no public key or certificate in PEM "
        "(-----BEGIN PUBLIC KEY-----)");
  CHECK(value("crypto.sign('RS256', ec, 'x')") ==
        "crypto.sign: RS256 needs a key of the kind RSA, and this is one of EC");
  CHECK(value("crypto.sign('RS255', rsa, 'x')").find("(did you mean \"RS256\"?)") !=
        std::string::npos);
  CHECK(value("crypto.sign('ES384', ec, 'x')") ==
        "crypto.sign: ES384 needs a curve of 384 bits, and this key's has 256");
  for (const char* passphrase : {"nil", "'wrong'"}) {
    CHECK(value(fmt::format("crypto.sign('ES256', ec_encrypted, 'x', 'hex', {})", passphrase))
              .find("the private key is encrypted, and the passphrase does not open it") !=
          std::string::npos);
  }
}

}  // namespace
}  // namespace perigee
