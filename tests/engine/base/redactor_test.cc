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
    {"https://a:b@one/ and https://c:p@ss@two/", "https://***@one/ and https://***@two/"},
    {"\"http://u:p@h\"", "\"http://***@h\""},
    // Query values.
    {"http://h/?token=abc&page=2", "http://h/?token=***&page=2"},
    {"http://h/p?page=2&api_key=abc#top", "http://h/p?page=2&api_key=***#top"},
    {"http://h/?X-Amz-Signature=ab%20c", "http://h/?X-Amz-Signature=***"},
    {"http://h/?access_token=a&client_secret=b", "http://h/?access_token=***&client_secret=***"},
    {"http://h/?key=a&auth=b&sig=c", "http://h/?key=***&auth=***&sig=***"},
    {"msg: \"http://h/?Password=a\" failed", "msg: \"http://h/?Password=***\" failed"},
    // Headers.
    {"Authorization: Bearer abc.def", "Authorization: ***"},
    {"authorization=Basic Zm9v", "authorization=***"},
    {"Proxy-Authorization: Basic Zm9v\r\nHost: h", "Proxy-Authorization: ***\r\nHost: h"},
    {"Cookie: a=b; c=d\nAccept: */*", "Cookie: ***\nAccept: */*"},
    {"Set-Cookie: id=7; Path=/", "Set-Cookie: ***"},
    {R"({"Authorization":"Bearer x","Host":"h"})", R"({"Authorization":"***","Host":"h"})"},
    {R"({\"Cookie\":\"a\",\"b\":1})", R"({\"Cookie\":\"***\",\"b\":1})"},
    {"Cookie: a and Cookie: b", "Cookie: ***"}};

const char* const kShown[] = {
    "mail to me@example.org",
    "http://host/path@2x",
    "http://host/?monkeys=3&page=token",
    "the header Authorization was refused",
    "cookies: must be a table",
    "a? b:c",
    "",
};

TEST_CASE("what URLs and headers hold in secret is hidden") {
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

TEST_CASE("values of secret variables are hidden wherever they appear") {
  const Redactor redact(Redactor::Environment{{"HF_TOKEN", "hf_abcdef"},
                                              {"DbPassword", "correct horse"},
                                              {"AWS_SECRET_ACCESS_KEY", "hf_abcdef/more"},
                                              {"HOME", "/home/someone"}});
  CHECK(redact("sent hf_abcdef to /home/someone, twice: hf_abcdef") ==
        "sent *** to /home/someone, twice: ***");
  CHECK(redact("correct horses") == "***s");
  // The longer one first: what is left of it would be a hint.
  CHECK(redact("hf_abcdef/more") == "***");
}

TEST_CASE("short values and numbers are too common to be secrets") {
  const Redactor redact(
      Redactor::Environment{{"SORT_KEY", "name"}, {"MAX_TOKENS", "1000000"}, {"EMPTY_KEY", ""}});
  CHECK(redact("1000000 names") == "1000000 names");
}

}  // namespace
}  // namespace perigee
