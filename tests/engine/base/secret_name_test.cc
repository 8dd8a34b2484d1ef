#include "engine/base/secret_name.h"

#include <doctest/doctest.h>

namespace perigee {
namespace {

TEST_CASE("names of secrets are told by their words, however they are written") {
  for (const char* name : {"API_TOKEN",
                           "HF_TOKEN",
                           "DB_PASSWORD",
                           "PGPASSWORD",
                           "MYSQL_PWD",
                           "DB_PASS",
                           "dbPassword",
                           "APIKey",
                           "api_key",
                           "X-Api-Key",
                           "apikey",
                           "AWS_SECRET_ACCESS_KEY",
                           "CLIENT_SECRET",
                           "MY_SECRET",
                           "STRIPE_KEY",
                           "KEY",
                           "API_KEY_2",
                           "API_KEY_PROD",
                           "token",
                           "authToken",
                           "Authorization",
                           "Proxy-Authorization",
                           "Cookie",
                           "Set-Cookie",
                           "SESSION_COOKIE",
                           "X-Auth-Token",
                           "X-Amz-Security-Token",
                           "Ocp-Apim-Subscription-Key",
                           "X-Amz-Signature",
                           "X-Amz-Credential",
                           "sig",
                           "auth",
                           "REDISCLI_AUTH",
                           "PASSWORD_ADMIN",
                           "SSH_PASSPHRASE"}) {
    INFO(name);
    CHECK(names_secret(name));
  }
}

TEST_CASE("names that only hold such a word are none") {
  for (const char* name : {"MAX_TOKENS",
                           "TOKENIZER",
                           "TOKENIZERS_PARALLELISM",
                           "MODEL_TOKENIZER",
                           "TOKEN_FILE",
                           "PASSWORD_FILE",
                           "TOKEN_URL",
                           "KEYBOARD",
                           "MONKEY",
                           "KEY_PREFIX",
                           "SSH_KEY_PATH",
                           "AWS_ACCESS_KEY_ID",
                           "PUBLIC_KEY",
                           "PARTITION_KEY",
                           "Idempotency-Key",
                           "Sec-WebSocket-Key",
                           "x-ratelimit-remaining-tokens",
                           "X-Tokens-Used",
                           "SECRET_NAME",
                           "PWD",
                           "OLDPWD",
                           "PASS_RATE",
                           "FIRST_TOKEN_LATENCY",
                           "TOKEN_BUCKET",
                           "COMPASS",
                           "BYPASS",
                           "AUTHOR",
                           "AUTH_MODE",
                           "X-Token-Type",
                           "COOKIE_JAR",
                           "token_type",
                           "",
                           "_"}) {
    INFO(name);
    CHECK_FALSE(names_secret(name));
  }
}

TEST_CASE("names of several secrets are told apart from those of one") {
  for (const char* name : {"API_KEYS", "HF_TOKENS", "SECRETS", "userPasswords"}) {
    INFO(name);
    CHECK(names_secrets(name));
    CHECK_FALSE(names_secret(name));
  }
  for (const char* name : {"API_KEY", "PARTITION_KEYS", "MONKEYS", ""}) {
    INFO(name);
    CHECK_FALSE(names_secrets(name));
  }
}

}  // namespace
}  // namespace perigee
