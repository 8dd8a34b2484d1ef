// Cookies of scripts: which request carries which, over redirections and challenges.
#include <doctest/doctest.h>

#include "engine/http/header_fields.h"
#include "tests/scripting/http_fixture.h"

namespace perigee {
namespace {

const std::string kOk = answer("200 OK", {}, "fine");

std::string moved(const std::string& location, const std::string& headers = {}) {
  return answer("302 Found", headers + "Location: " + location + "\r\n");
}

// The Cookie headers that each of the requests had, one a line.
std::vector<std::string> cookies_of(const std::vector<std::string>& requests) {
  std::vector<std::string> cookies;
  for (const std::string& request : requests) {
    std::string lines;
    const std::string head = head_of(request);
    http::HeaderFields headers(head);
    while (const auto value = headers.next("cookie"))
      lines.append(*value).append("\n");
    cookies.push_back(lines);
  }
  return cookies;
}

// Runs one iteration, which must complete.
void run(const RawServer& server, const std::string& body, const std::string& init = {}) {
  HttpScript script(server, body, init);
  const IterationResult result = script.iterate();
  CHECK_MESSAGE(result == IterationResult::kCompleted, script.vu().error());
}

std::string error_of(const std::string& body) {
  ScriptFixture fixture(http_script(body));
  return fixture.iterate() == IterationResult::kFailed ? fixture.vu().error() : "";
}

using Lines = std::vector<std::string>;

}  // namespace

TEST_CASE("the script's own Cookie header follows a redirection to the same host") {
  RawServer server({answers({moved("/b"), moved("/c", "Set-Cookie: jar=2; Path=/\r\n"), kOk})});
  SUBCASE("of the request") {
    run(server, "http.get(url, { headers = { Cookie = 'sid=abc' } })");
  }
  SUBCASE("in any case of its letters") {
    run(server, "http.post(url, 'x', { headers = { cookie = 'sid=abc' } })");
  }
  SUBCASE("where a digest is asked for") {
    run(server,
        "http.get((url:gsub('//', '//a:b@')), { auth = 'digest', headers = { Cookie = 'sid=abc' } "
        "})");
  }
  CHECK(cookies_of(server.requests()) == Lines{"sid=abc\n", "sid=abc\n", "sid=abc; jar=2\n"});
}

TEST_CASE("cookies that responses set stand in for those of the script's header") {
  RawServer server({answers({moved("/b", "Set-Cookie: sid=new\r\n"),
                             moved("/c", "Set-Cookie: a=; Max-Age=0\r\n"), kOk})});
  run(server, "http.get(url, { headers = { Cookie = 'sid=old; a=1; b=2' } })");
  CHECK(cookies_of(server.requests()) ==
        Lines{"sid=old; a=1; b=2\n", "a=1; b=2; sid=new\n", "b=2; sid=new\n"});
}

TEST_CASE("the header of a jar's request, its own cookies and the jar's stay together") {
  RawServer server({answers({moved("/b"), kOk})});
  run(server, R"lua(
    http.cookie_jar():set(url, "jar", "3")
    http.get(url, { headers = { Cookie = "sid=1" }, cookies = { own = "2" } })
  )lua");
  const std::string all = "sid=1; own=2; jar=3\n";
  CHECK(cookies_of(server.requests()) == Lines{all, all});
}

TEST_CASE("the script's cookies do not follow to another host, nor from there") {
  RawServer other({answers({moved("/further"), kOk})});
  RawServer server({answers({moved("http://localhost:" + std::to_string(other.port()) + "/")})});
  run(server, "http.get(url, { headers = { Cookie = 'sid=abc' }, cookies = { own = '1' } })");
  CHECK(cookies_of(server.requests()) == Lines{"sid=abc; own=1\n"});
  CHECK(cookies_of(other.requests()) == Lines{"", ""});
}

TEST_CASE("a Cookie header goes with the answer to a digest challenge, after a redirection too") {
  const std::string challenge = answer(
      "401 Unauthorized", "WWW-Authenticate: Digest realm=\"r\", nonce=\"n\", qop=\"auth\"\r\n");
  RawServer server({answers({challenge, moved("/b"), challenge, kOk})});
  run(server, R"lua(
    local with = url:gsub("//", "//ann:secret@")
    local res = http.get(with, { auth = "digest", headers = { Cookie = "sid=abc" } })
    assert(res.status == 200)
  )lua");
  CHECK(cookies_of(server.requests()) == Lines(4, "sid=abc\n"));
}

TEST_CASE("a Cookie header goes along when a request is sent once more") {
  RawServer server(
      {{RawServer::request(), RawServer::send(kOk), RawServer::request()}, answers({kOk})});
  run(server, R"lua(
    http.get(url)
    assert(http.get(url, { headers = { Cookie = "sid=abc" } }).status == 200)
  )lua");
  CHECK(cookies_of(server.requests()) == Lines{"", "sid=abc\n", "sid=abc\n"});
}

TEST_CASE("a WebSocket's handshake has one Cookie header, the script's and the jar's together") {
  RawServer server({answers({answer("400 Bad Request")})});
  run(server, R"lua(
    http.cookie_jar():set(url, "jar", "2")
    local ws_url = url:gsub("^http", "ws")
    websocket.connect(ws_url, { headers = { cookie = "sid=abc" } })
  )lua",
      "local websocket = require 'perigee.websocket'");
  CHECK(cookies_of(server.requests()) == Lines{"sid=abc; jar=2\n"});
}

TEST_CASE("what would end a cookie in its header is refused by name") {
  const auto refused = [](const std::string& name, const std::string& value,
                          const std::string& message) {
    const std::string error =
        error_of("http.cookie_jar():set('http://a/', " + name + ", " + value + ")");
    INFO(error);
    CHECK(error.find("script.lua:3: ") == 0);
    CHECK(error.find(message) != std::string::npos);
    const std::string param =
        error_of("http.get('http://a/', { cookies = { [" + name + "] = " + value + " } })");
    INFO(param);
    CHECK(param.find("script.lua:3: ") == 0);
    CHECK(param.find(message) != std::string::npos);
  };
  refused("'sid'", "'a;b'", "the value of the cookie \"sid\" must not contain \";\"");
  refused("'sid'", "'a\\nb'", "the value of the cookie \"sid\" must not contain a line end");
  refused("'sid'", "'a\\rb'", "the value of the cookie \"sid\" must not contain a line end");
  refused("'sid'", "'a\\0b'", "the value of the cookie \"sid\" must not contain a control char");
  refused("'a=b'", "'c'", "the name of the cookie \"a=b\" must not contain \"=\"");
  refused("'a b'", "'c'", "the name of the cookie \"a b\" must not contain \" \"");
  refused("''", "'c'", "a cookie needs a name");
}

TEST_CASE("a cookie's table has no other keys than those it is known for") {
  const auto error_with = [](const std::string& cookie) {
    return error_of("http.get('http://a/', { cookies = { sid = " + cookie + " } })");
  };
  CHECK(error_with("{ vaule = 'x' }")
            .starts_with(
                "script.lua:3: http.get: cookies: \"sid\" has no key \"vaule\" (did you mean "
                "\"value\"?); there are value and replace"));
  CHECK(error_with("{ value = 'x', replaces = true }").find("has no key \"replaces\"") !=
        std::string::npos);
  CHECK(error_with("{ 'x' }").find("has no key \"(a number)\"") != std::string::npos);
  CHECK(error_with("{ value = 'x', replace = 'yes' }")
            .find("cookies: replace must be true or false, got a string") != std::string::npos);
  CHECK(error_with("{ replace = true }").find("\"sid\" must be a string, got a nil") !=
        std::string::npos);
}

TEST_CASE("an empty table of cookies is like none, over redirections too") {
  RawServer server({answers({moved("/b", "Set-Cookie: jar=1; Path=/\r\n"), kOk})});
  SUBCASE("with a header of the script's own") {
    run(server, "http.get(url, { cookies = {}, headers = { Cookie = 'sid=abc' } })");
    CHECK(cookies_of(server.requests()) == Lines{"sid=abc\n", "sid=abc; jar=1\n"});
  }
  SUBCASE("with what the jar has") {
    run(server, "http.cookie_jar():set(url, 'old', 'x') http.get(url, { cookies = {} })");
    CHECK(cookies_of(server.requests()) == Lines{"old=x\n", "old=x; jar=1\n"});
  }
  SUBCASE("with nothing else") {
    run(server, "http.get(url, { cookies = {} })");
    CHECK(cookies_of(server.requests()) == Lines{"", "jar=1\n"});
  }
}

TEST_CASE("quotes, blanks, commas and bytes outside ASCII may stand in a cookie's value") {
  RawServer server({answers({kOk})});
  run(server, "http.get(url, { cookies = { a = 'x y', b = '\"q\"', c = 'caf\\195\\169=,' } })");
  CHECK(cookies_of(server.requests()) == Lines{"a=\"x y\"; b=\"q\"; c=\"caf\xc3\xa9=,\"\n"});
}

}  // namespace perigee
