#include "engine/base/redactor.h"

#include <doctest/doctest.h>

namespace perigee {
namespace {

struct Case {
  const char* text;
  const char* redacted;
};

const Case kHidden[] = {
    // Credentials in URLs.
    {"GET http://me:pw@host:9000/x?y=1", "GET http://***@host:9000/x?y=1"},
    {"http://token@host", "http://***@host"},
    {"s3://KEY:SECRET@bucket/path", "s3://***@bucket/path"},
    {"https://a:b@one/ and https://c:p@ss@two/", "https://***@one/ and https://***@two/"},
    {"\"http://u:p@h\"", "\"http://***@h\""},
    // Query values.
    {"http://h/?token=abc&page=2", "http://h/?token=***&page=2"},
    {"http://h/p?page=2&api_key=abc#top", "http://h/p?page=2&api_key=***#top"},
    {"http://h/?X-Amz-Signature=ab%20c", "http://h/?X-Amz-Signature=***"},
    {"http://h/?access_token=a&client_secret=b", "http://h/?access_token=***&client_secret=***"},
    {"http://h/?key=a&auth=b&sig=c", "http://h/?key=***&auth=***&sig=***"},
    {"msg: \"http://h/?Password=a\" failed", "msg: \"http://h/?Password=***\" failed"},
    {"GET /login?pwd=abc&next=%2F HTTP/1.1", "GET /login?pwd=***&next=%2F HTTP/1.1"},
    {"Location: https://h/cb#access_token=abc&state=1",
     "Location: https://h/cb#access_token=***&state=1"},
    {"'http://me:it@h/' and 'b@c'", "'http://***@h/' and 'b@c'"},
    {"http://me:it's@h/", "http://***@h/"}};

const char* const kShown[] = {
    "s3://bucket@eu-west-1/path",
    "mail to me@example.org",
    "http://host/path@2x",
    "http://host/?monkeys=3&page=token",
    "http://host/?max_tokens=16&token_type=bearer&token=",
    "the header Authorization was refused",
    "authorization: granted",
    "Cookie: chocolate",
    "cookies: must be a table",
    "is it ?token=abc or &key=b",
    "a? b:c",
    "",
};

TEST_CASE("what URLs hold in secret is hidden") {
  const Redactor redact;
  for (const Case& hidden : kHidden) {
    INFO(hidden.text);
    CHECK(redact(hidden.text) == hidden.redacted);
    CHECK(redact(hidden.redacted) == hidden.redacted);
  }
}

TEST_CASE("what only looks like it is shown") {
  const Redactor redact;
  for (const char* text : kShown)
    CHECK(redact(text) == text);
}

TEST_CASE("of what a script prints no word is a secret, only the user and password of URLs are") {
  const Redactor redact;
  for (const char* text : {"Authorization: Bearer abc", "cookie: chocolate", "set-cookie=a",
                           R"({"Authorization":"Bearer x","token":"y"})",
                           "http://h/?token=abc&page=2", "password reset, key=7, secret santa"}) {
    INFO(text);
    CHECK(redact.of_script(text) == text);
  }
  CHECK(redact.of_script("at http://me:pw@host/") == "at http://***@host/");
}

using Environment = Redactor::Environment;

TEST_CASE("values of secret variables are hidden wherever they appear") {
  const Redactor redact(Environment{{"HF_TOKEN", "hf_abcdef"},
                                    {"DbPassword", "correct horse"},
                                    {"AWS_SECRET_ACCESS_KEY", "hf_abcdef/more"},
                                    {"HOME", "/home/someone"}});
  CHECK(redact("sent hf_abcdef to /home/someone, twice: hf_abcdef") ==
        "sent *** to /home/someone, twice: ***");
  CHECK(redact.of_script("correct horses") == "***s");
  // The longer one first: what is left of it would be a hint.
  CHECK(redact("hf_abcdef/more") == "***");
}

TEST_CASE("a secret is hidden in the form in which URLs and JSON hold it") {
  const Redactor redact(Environment{{"DB_PASSWORD", "a \"b\"\\c@d\n"}});
  CHECK(redact.of_script("u=a%20%22b%22%5Cc%40d%0A&x=1") == "u=***&x=1");
  CHECK(redact.of_script(R"({"p":"a \"b\"\\c@d\n"})") == R"({"p":"***"})");
}

TEST_CASE("of a value for the header Authorization, what follows the scheme is a secret, too") {
  const Redactor redact(Environment{{"API_AUTHORIZATION", "Bearer abcdefgh"}});
  CHECK(redact.of_script("Bearer abcdefgh, abcdefgh") == "***, ***");
}

TEST_CASE("of several secrets in one variable each is hidden") {
  const Redactor redact(Environment{{"API_KEYS", "sk-first,sk-second"}});
  CHECK(redact.of_script("tried sk-second, then sk-first") == "tried ***, then ***");
}

TEST_CASE("passwords of URLs in other variables are hidden on their own, too") {
  const Redactor redact(Environment{{"DATABASE_URL", "postgres://app:p%40ssword@db:5432/x"},
                                    {"HTTPS_PROXY", "http://user:pr0xy-pass@proxy:3128"},
                                    {"SITE", "http://someone@host/"}});
  CHECK(redact.of_script("p%40ssword is p@ssword") == "*** is ***");
  CHECK(redact.of_script("pr0xy-pass of someone") == "*** of someone");
}

TEST_CASE("a number is a secret when it is one by its name, and only as a whole") {
  const Redactor redact(Environment{
      {"DB_PASSWORD", "12345678"}, {"MAX_TOKENS", "1000000"}, {"BATCH_TOKENS", "256000"}});
  CHECK(redact.of_script("12345678, 912345678 and 1000000 of 256000") ==
        "***, 912345678 and 1000000 of 256000");
}

TEST_CASE("short values and common words are no secrets") {
  const Redactor redact(Environment{{"API_KEY", "name"},
                                    {"DB_PASSWORD", "password"},
                                    {"USE_TOKEN", "Disabled"},
                                    {"EMPTY_KEY", ""}});
  CHECK(redact("names of a password, Disabled") == "names of a password, Disabled");
}

TEST_CASE("secrets can be learnt later") {
  Redactor redact;
  redact.learn({{"API_TOKEN", "abcdef"}});
  redact.learn({{"API_TOKEN", "abcdef-longer"}});
  CHECK(redact("abcdef abcdef-longer") == "*** ***");
}

}  // namespace
}  // namespace perigee
