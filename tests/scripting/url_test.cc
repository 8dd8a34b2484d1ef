// perigee.url as scripts use it.
#include <doctest/doctest.h>

#include "tests/scripting/evaluate.h"

namespace perigee {

TEST_CASE("url.parse gives the parts of a URL, credentials decoded") {
  CHECK(evaluate(
            "json.encode(url.parse('https://me%40work:a%3Ab@example.org:8443/p%20q?x=1#top'))") ==
        R"({"fragment":"top","host":"example.org","password":"a:b","path":"/p%20q","port":8443,)"
        R"("query":"x=1","scheme":"https","username":"me@work"})");
  CHECK(evaluate("json.encode(url.parse('http://[::1]/'))") ==
        R"({"host":"::1","path":"/","scheme":"http"})");
  CHECK(evaluate("json.encode(url.parse('a/b'))") == R"({"path":"a/b"})");
}

TEST_CASE("url.build puts the parts together again") {
  const char* urls[] = {"https://me%40work:a%3Ab@example.org:8443/p%20q?x=1#top", "http://[::1]/",
                        "a/b", "http://h?q", "mailto:me@example.org"};
  for (const std::string text : urls)
    CHECK(evaluate("url.build(url.parse('" + text + "'))") == text);
  CHECK(evaluate(
            "url.build({ scheme = 'http', host = 'h', path = 'a', query = { b = 2, a = 1 } })") ==
        "http://h/a?a=1&b=2");
}

TEST_CASE("a query has its names in sorted order, a list of pairs its own") {
  CHECK(evaluate("url.build_query({ b = 'x y', a = { 1, 2 }, c = true })") ==
        "a=1&a=2&b=x+y&c=true");
  CHECK(evaluate("url.build_query({ { 'z', 1 }, { 'a', '&=' }, { 'z', 2 } })") ==
        "z=1&a=%26%3D&z=2");
  CHECK(evaluate("url.build_query({})") == "");
}

TEST_CASE("a query is read as pairs in its order") {
  CHECK(evaluate("json.encode(url.parse_query('?z=1&a=x+y%26&z=2&flag&=e&&'))") ==
        R"([["z","1"],["a","x y&"],["z","2"],["flag",""],["","e"]])");
  CHECK(evaluate("#url.parse_query('')") == "0");
}

TEST_CASE("url.resolve, encode and decode") {
  CHECK(evaluate("url.resolve('http://h/a/b?q', '../c')") == "http://h/c");
  CHECK(evaluate("url.encode('a b/\\195\\164')") == "a%20b%2F%C3%A4");
  CHECK(evaluate("url.decode('a%20b+')") == "a b+");
}

TEST_CASE("what is no URL is refused with a reason") {
  const std::pair<const char*, const char*> wrong[] = {
      {"url.parse('http://h:99999/')", "url.parse: \"99999\" is no port"},
      {"url.parse('http://h:8x/')", "url.parse: \"8x\" is no port"},
      {"url.parse('http://a%@h/')",
       "url.parse: in \"a%\" a % is not followed by two hexadecimal digits"},
      {"url.decode('%2')", "url.decode: in \"%2\" a % is not followed by two hexadecimal digits"},
      {"url.parse_query('a=%2')",
       "url.parse_query: in \"%2\" a % is not followed by two hexadecimal digits"},
      {"url.resolve('/a', 'b')", "url.resolve: the base must be a whole URL with a scheme"},
      {"url.build({ hots = 'h' })",
       "url.build: there is no part of a URL \"hots\" (did you mean \"host\"?); there are scheme"},
      {"url.build({ host = {} })", "url.build: host must be a string, got a table"},
      {"url.build({ port = 80 })", "url.build: a port, a username or a password needs a host"},
      {"url.build({ host = 'h', query = { a = print } })",
       "url.build: query: a must be a string, got a function"},
      {"url.build_query({ 'a' })", "url.build_query: a list holds pairs { name, value }"},
      {"url.build_query({ { 'a' } })", "url.build_query: a must be a string, got a nil"},
      {"url.build_query({ [true] = 1 })", "url.build_query: names must be strings"},
  };
  for (const auto& [call, message] : wrong) {
    const std::string error = evaluate(call);
    CAPTURE(error);
    CHECK(error.find(std::string("script.lua:5: ") + message) == 0);
  }
}

}  // namespace perigee
