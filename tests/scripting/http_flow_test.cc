// Requests that take more than one exchange or carry more than the script's string: redirections,
// cookies, authentication, forms, compression.
#include <doctest/doctest.h>

#include "engine/http/body_decoder.h"
#include "engine/http/content_coding.h"
#include "tests/scripting/http_fixture.h"

namespace perigee {
namespace {

const std::string kOk = answer("200 OK", {}, "fine");

std::string moved(const std::string& status, const std::string& location,
                  const std::string& headers = {}) {
  return answer(status, headers + "Location: " + location + "\r\n", "moved");
}

bool has_line(const std::string& request, const std::string& line) {
  return head_of(request).find("\r\n" + line + "\r\n") != std::string::npos;
}

bool has_header(const std::string& request, const std::string& name) {
  return head_of(request).find("\r\n" + name + ": ") != std::string::npos;
}

// Runs one iteration, which must complete, and returns what the server got.
std::vector<std::string> run_against(RawServer& server, const std::string& body,
                                     ScriptFixture::Options options = {}) {
  HttpScript script(server, body, {}, std::move(options));
  const IterationResult result = script.iterate();
  CHECK_MESSAGE(result == IterationResult::kCompleted, script.vu().error());
  return server.requests();
}

std::string error_of(const std::string& body) {
  ScriptFixture fixture(http_script(body));
  return fixture.iterate() == IterationResult::kFailed ? fixture.vu().error() : "";
}

}  // namespace

TEST_CASE("a redirection is followed, and each hop is a request of its own") {
  RawServer server({answers({moved("302 Found", "/b?x=1"), kOk})});
  HttpScript script(server, R"lua(
    local res = http.post(url .. "/a", "body",
      { headers = { ["Content-Type"] = "text/plain", Authorization = "Bearer t" } })
    assert(res.status == 200 and res.url == url .. "/b?x=1" and res.body == "fine")
    assert(res.request.url == url .. "/a" and res.request.method == "POST")
  )lua");
  const IterationResult result = script.iterate();
  CHECK_MESSAGE(result == IterationResult::kCompleted, script.vu().error());
  const std::vector<std::string> requests = server.requests();
  REQUIRE(requests.size() == 2);
  CHECK(requests[1].starts_with("GET /b?x=1 HTTP/1.1\r\n"));
  CHECK(body_of(requests[1]).empty());
  CHECK(has_line(requests[1], "Authorization: Bearer t"));
  CHECK(has_line(requests[1], "Referer: " + server.url("/a")));
  CHECK_FALSE(has_header(requests[1], "Content-Type"));
  CHECK(server.connections() == 1);
  CHECK(script.samples("http_req_duration") == 2);
  CHECK(script.sum("http_reqs",
                   {{"method", "POST"}, {"status", "302"}, {"url", server.url("/a")}}) == 1);
  CHECK(script.sum("http_reqs",
                   {{"method", "GET"}, {"status", "200"}, {"name", server.url("/b?x=1")}}) == 1);
}

TEST_CASE("307 and 308 keep the method and the body") {
  RawServer server({answers(
      {moved("307 Temporary Redirect", "/b"), moved("308 Permanent Redirect", "c"), kOk})});
  const auto requests = run_against(server, "http.put(url .. '/a', 'the body')");
  REQUIRE(requests.size() == 3);
  CHECK(requests[2].starts_with("PUT /c HTTP/1.1\r\n"));
  CHECK(body_of(requests[2]) == "the body");
}

TEST_CASE("a name of the script's own stays the name of every hop") {
  RawServer server({answers({moved("302 Found", "/b"), kOk})});
  HttpScript script(server, "http.get(url, { tags = { name = 'mine' } })");
  REQUIRE(script.iterate() == IterationResult::kCompleted);
  CHECK(script.sum("http_reqs", {{"name", "mine"}, {"url", "mine"}}) == 2);
}

TEST_CASE("past the limit of redirections the redirection itself is the response") {
  RawServer server({answers(std::vector<std::string>(15, moved("302 Found", "/again")))});
  HttpScript script(server, R"lua(
    local res = http.get(url, { redirects = 2 })
    assert(res.status == 302 and res.headers.Location == "/again" and res.url == url .. "/again")
    assert(http.get(url, { redirects = 0 }).url == url)
    print("quiet")
    http.get(url)
  )lua");
  const IterationResult result = script.iterate();
  CHECK_MESSAGE(result == IterationResult::kCompleted, script.vu().error());
  CHECK(script.sum("http_reqs") == 15);
  REQUIRE(script.lines().size() == 2);
  CHECK(script.lines()[0].find("quiet") != std::string::npos);
  CHECK(script.lines()[1].find("Stopped after 10 redirects") != std::string::npos);
}

TEST_CASE("maxRedirects holds for requests that say nothing") {
  RawServer server({answers({moved("302 Found", "/b"), moved("302 Found", "/c")})});
  ScriptFixture::Options options;
  options.http.max_redirects = 1;
  const auto requests =
      run_against(server, "assert(http.get(url).headers.Location == '/c')", options);
  CHECK(requests.size() == 2);
}

TEST_CASE("a redirection that leads nowhere is a failure, one without a place an answer") {
  RawServer server({answers(
      {moved("302 Found", "http://[nowhere/"), answer("302 Found"), answer("304 Not Modified")})});
  run_against(server, R"lua(
    local res = http.get(url)
    assert(res.status == 0 and res.error:find("failed to parse Location header"))
    assert(http.get(url).status == 302 and http.get(url).status == 304)
  )lua");
}

TEST_CASE("all hops share the request's time-out") {
  RawServer server({answers({moved("302 Found", "/slow")})});
  HttpScript script(server,
                    "local res = http.get(url, { timeout = '50ms' })\n"
                    "assert(res.error_code == 1050 and res.url == url .. '/slow')");
  CHECK(script.iterate() == IterationResult::kCompleted);
  CHECK(script.sum("http_reqs") == 2);
}

TEST_CASE("secrets do not follow to another host") {
  RawServer other({answers({kOk})});
  // The same server by another name.
  RawServer server({answers(
      {moved("302 Found", "http://localhost:" + std::to_string(other.port()) + "/there")})});
  run_against(server,
              "http.get(url, { headers = { Authorization = 'Bearer t', ['X-A'] = '1' },\n"
              "  cookies = { a = '1' } })");
  REQUIRE(other.requests().size() == 1);
  CHECK(has_line(other.requests()[0], "X-A: 1"));
  CHECK_FALSE(has_header(other.requests()[0], "Authorization"));
  CHECK_FALSE(has_header(other.requests()[0], "Cookie"));
}

TEST_CASE("cookies that a response sets are sent back, on the way and until the iteration ends") {
  RawServer server({answers({moved("302 Found", "/b", "Set-Cookie: hop=1\r\n"),
                             answer("200 OK", "Set-Cookie: last=2; Path=/\r\n"), kOk, kOk})});
  HttpScript script(server, R"lua(
    if __ITER == 0 then
      local res = http.get(url .. "/a")
      assert(res.cookies.last[1].value == "2" and res.cookies.last[1].path == "/")
      assert(res.cookies.hop == nil)
      assert(http.cookie_jar():cookies_for_url(url .. "/").hop[1] == "1")
    end
    http.get(url .. "/c")
  )lua");
  const IterationResult result = script.iterate();
  CHECK_MESSAGE(result == IterationResult::kCompleted, script.vu().error());
  script.iterate();
  const std::vector<std::string> requests = server.requests();
  REQUIRE(requests.size() == 4);
  CHECK_FALSE(has_header(requests[0], "Cookie"));
  CHECK(has_line(requests[1], "Cookie: hop=1"));
  CHECK(has_line(requests[2], "Cookie: hop=1; last=2"));
  CHECK_FALSE(has_header(requests[3], "Cookie"));
}

TEST_CASE("with noCookiesReset the cookies stay") {
  RawServer server({answers({answer("200 OK", "Set-Cookie: a=1\r\n"), kOk})});
  ScriptFixture::Options options;
  options.http.no_cookies_reset = true;
  HttpScript script(server, "http.get(url)", {}, options);
  script.iterate();
  script.iterate();
  REQUIRE(server.requests().size() == 2);
  CHECK(has_line(server.requests()[1], "Cookie: a=1"));
}

TEST_CASE("a request's own cookies come before the jar's and may replace them") {
  RawServer server({answers({kOk, kOk})});
  const auto requests = run_against(server, R"lua(
    local jar = http.cookie_jar()
    jar:set(url, "a", "jar")
    jar:set(url, "b", "jar")
    http.get(url, { cookies = { a = "own", c = 3 }, headers = { Cookie = "given=0" } })
    http.get(url, { cookies = { a = { value = "own", replace = true } } })
  )lua");
  REQUIRE(requests.size() == 2);
  CHECK(has_line(requests[0], "Cookie: given=0; a=own; c=3; a=jar; b=jar"));
  CHECK(has_line(requests[1], "Cookie: a=own; b=jar"));
}

TEST_CASE("a jar of the script's own stands in for the VU's") {
  RawServer server({answers({answer("200 OK", "Set-Cookie: s=1\r\n"), kOk, kOk})});
  const auto requests = run_against(server, R"lua(
    local jar = http.new_cookie_jar()
    assert(jar:set(url .. "/x", "p", "q", { path = "/", max_age = 60 }))
    http.get(url, { jar = jar })
    http.get(url, { jar = jar })
    assert(jar:cookies_for_url(url).s[1] == "1")
    jar:delete(url, "s")
    assert(jar:cookies_for_url(url).s == nil and jar:cookies_for_url(url).p[1] == "q")
    jar:clear(url)
    assert(next(jar:cookies_for_url(url)) == nil)
    assert(not jar:set(url, "a", "b", { domain = "elsewhere.test" }))
    http.get(url)
  )lua");
  REQUIRE(requests.size() == 3);
  CHECK(has_line(requests[0], "Cookie: p=q"));
  CHECK(has_line(requests[1], "Cookie: p=q; s=1"));
  CHECK_FALSE(has_header(requests[2], "Cookie"));
}

TEST_CASE("credentials of the URL are sent as basic authentication, and not shown") {
  RawServer server({answers({kOk, moved("302 Found", "/b"), kOk})});
  const auto requests = run_against(server, R"lua(
    local with = url:gsub("//", "//ann:s%%2Fx@") .. "/a"
    local res = http.get(with, { auth = "basic" })
    assert(res.url == url:gsub("//", "//****:****@") .. "/a", res.url)
    http.get(with)
  )lua");
  REQUIRE(requests.size() == 3);
  for (const std::string& request : requests)
    CHECK(has_line(request, "Authorization: Basic YW5uOnMveA=="));
}

TEST_CASE("a digest challenge is answered, and its 401 is no failure") {
  const std::string challenge = answer(
      "401 Unauthorized",
      "WWW-Authenticate: Digest realm=\"r\", nonce=\"n1\", qop=\"auth\", algorithm=MD5\r\n", "no");
  RawServer server({answers({challenge, kOk, challenge, challenge})});
  HttpScript script(server, R"lua(
    local with = url:gsub("//", "//ann:secret@") .. "/a?b=c"
    local res = http.post(with, "body", { auth = "digest", headers = { ["X-A"] = "1" } })
    assert(res.status == 200)
    assert(http.get(with, { auth = "digest" }).status == 401)
  )lua");
  const IterationResult result = script.iterate();
  CHECK_MESSAGE(result == IterationResult::kCompleted, script.vu().error());
  const std::vector<std::string> requests = server.requests();
  REQUIRE(requests.size() == 4);
  CHECK_FALSE(has_header(requests[0], "Authorization"));
  CHECK(requests[1].find("Authorization: Digest username=\"ann\", realm=\"r\", nonce=\"n1\"") !=
        std::string::npos);
  CHECK(requests[1].find("uri=\"/a?b=c\"") != std::string::npos);
  CHECK(has_line(requests[1], "X-A: 1"));
  CHECK(body_of(requests[1]) == "body");
  CHECK(script.sum("http_reqs") == 4);
  CHECK(script.sum("http_reqs", {{"status", "401"}, {"expected_response", "true"}}) == 2);
  CHECK(script.sum("http_req_failed") == 1);
}

TEST_CASE("a table as a body is a form, in the order of its names or its own") {
  RawServer server({answers({kOk, kOk, kOk})});
  HttpScript script(server, R"lua(
    local res = http.post(url, { b = 2, a = { "x y", "&" }, c = true, d = json.null })
    assert(res.request.body == "a=x+y&a=%26&b=2&c=true&d=")
    http.post(url, { { "z", 1 }, { "a", 2 }, { "z", 3 } },
      { headers = { ["content-type"] = "text/form" } })
    http.post(url, {})
  )lua",
                    "local json = require 'perigee.json'");
  const IterationResult result = script.iterate();
  CHECK_MESSAGE(result == IterationResult::kCompleted, script.vu().error());
  const std::vector<std::string> requests = server.requests();
  REQUIRE(requests.size() == 3);
  CHECK(body_of(requests[0]) == "a=x+y&a=%26&b=2&c=true&d=");
  CHECK(has_line(requests[0], "Content-Type: application/x-www-form-urlencoded"));
  CHECK(body_of(requests[1]) == "z=1&a=2&z=3");
  CHECK(has_line(requests[1], "content-type: text/form"));
  CHECK_FALSE(has_header(requests[1], "Content-Type"));
  CHECK(has_line(requests[2], "Content-Length: 0"));
}

TEST_CASE("a form with a file is sent in parts") {
  RawServer server({answers({kOk})});
  const auto requests = run_against(
      server,
      "http.post(url, { note = 'n', file = http.file('the data', 'a.txt', 'text/plain') })");
  REQUIRE(requests.size() == 1);
  const std::string& request = requests[0];
  const std::string type = "Content-Type: multipart/form-data; boundary=";
  const size_t at = request.find(type);
  REQUIRE(at != std::string::npos);
  const std::string boundary =
      request.substr(at + type.size(), request.find("\r\n", at) - at - type.size());
  const std::string body = body_of(request);
  CHECK(body.find("filename=\"a.txt\"\r\nContent-Type: text/plain\r\n\r\nthe data\r\n--" +
                  boundary) != std::string::npos);
  CHECK(body.find("name=\"note\"\r\n\r\nn\r\n--" + boundary + "--") != std::string::npos);
}

TEST_CASE("a form that makes no sense is refused with its line") {
  CHECK(error_of("http.post('http://a/', { a = print })")
            .find("script.lua:3: http.post: form: \"a\" must be a string, a number, true or false, "
                  "http.file(...) or a list of these, got a function") == 0);
  CHECK(error_of("http.post('http://a/', { 'a', 'b' })").find("form: field 1 of the list") !=
        std::string::npos);
  CHECK(error_of("http.post('http://a/', { a = { b = 1 } })").find("got a table") !=
        std::string::npos);
  CHECK(error_of("http.post('http://a/', print)")
            .find("http.post: body must be a string, a table (a form)") != std::string::npos);
  CHECK(error_of("http.file(7)").find("http.file: data must be a string, got the number 7") !=
        std::string::npos);
}

TEST_CASE("a body is compressed as the script says") {
  RawServer server({answers({kOk})});
  const auto requests = run_against(server, R"lua(
    local res = http.post(url, ("text "):rep(100), { compression = "gzip, br",
      headers = { ["content-encoding"] = "wrong" } })
    assert(#res.request.body == 500 and res.request.headers["Content-Encoding"][1] == "gzip, br")
  )lua");
  REQUIRE(requests.size() == 1);
  CHECK(has_line(requests[0], "Content-Encoding: gzip, br"));
  std::string body = body_of(requests[0]);
  CHECK_FALSE(http::BodyDecoder().decode("gzip, br", body));
  CHECK(body.size() == 500);
  CHECK(body.starts_with("text text "));
}

TEST_CASE("a compressed response is unpacked, a broken one is a failure") {
  const std::vector<http::ContentCoding> codings{http::ContentCoding::kZstd,
                                                 http::ContentCoding::kGzip};
  const std::string packed = http::encode_body(codings, "the text");
  const std::string headers = "Content-Encoding: zstd, gzip\r\n";
  RawServer server({answers({answer("200 OK", headers, packed), answer("200 OK", headers, packed),
                             answer("200 OK", headers, "broken"), kOk})});
  HttpScript script(server, R"lua(
    local res = http.get(url)
    assert(res.body == "the text" and res.headers["Content-Encoding"] == "zstd, gzip")
    assert(http.get(url, { responseType = "none" }).body == nil)
    assert(http.get(url).error_code == 1701)
    assert(http.get(url).body == "fine")
  )lua");
  const IterationResult result = script.iterate();
  CHECK_MESSAGE(result == IterationResult::kCompleted, script.vu().error());
  CHECK(script.sum("http_reqs", {{"error_code", "1701"}}) == 1);
  CHECK(server.connections() == 1);
}

TEST_CASE("a wrong length of the script's own is not sent, and it is told") {
  RawServer server({answers({kOk, kOk})});
  HttpScript script(server,
                    "http.post(url, 'four', { headers = { ['Content-Length'] = 4 } })\n"
                    "print('quiet')\n"
                    "http.post(url, 'four', { headers = { ['content-length'] = '9' } })");
  REQUIRE(script.iterate() == IterationResult::kCompleted);
  REQUIRE(script.lines().size() == 2);
  CHECK(script.lines()[0].find("quiet") != std::string::npos);
  CHECK(script.lines()[1].find("Content-Length: 9 of a POST") != std::string::npos);
  for (const std::string& request : server.requests())
    CHECK(has_line(request, "Content-Length: 4"));
}

TEST_CASE("res:json finds what is at a path") {
  RawServer server({answers({answer("200 OK", {}, R"({"models":[{"name":"a"},{"name":"b"}]})")})});
  run_against(server, R"lua(
    local res = http.get(url)
    assert(res:json("models.1.name") == "b" and res:json("models.#") == 2)
    assert(res:json("nothing.there") == nil and res:json().models[1].name == "a")
    local ok, message = pcall(res.json, res, 7)
    assert(not ok and message:find("res:json: path must be a string, got the number"))
  )lua");
}

TEST_CASE("parameters that make no sense are refused") {
  const auto refused = [](const std::string& params, const std::string& message) {
    const std::string error = error_of("http.get('http://a/', " + params + ")");
    INFO(params, ": ", error);
    CHECK(error.find("script.lua:3: ") == 0);
    CHECK(error.find(message) != std::string::npos);
  };
  refused("{ redirects = -1 }", "redirects must be how many are followed at most");
  refused("{ redirects = 1.5 }", "redirects must be how many are followed at most");
  refused("{ auth = 'ntlm' }", "auth = \"ntlm\" is not available");
  refused("{ auth = 'Digest' }", "auth must be \"basic\" or \"digest\"");
  refused("{ auth = 'digest' }", "needs a user and a password in the URL");
  refused("{ compression = 'lzma' }", "lzma");
  refused("{ cookies = 'a=1' }", "cookies must be a table of values, got a string");
  refused("{ cookies = { a = print } }", "cookies: \"a\" must be a string, got a function");
  refused("{ jar = {} }", "a cookie jar is needed");
  CHECK(error_of("http.new_cookie_jar():set('http://a/', 'n', 'v', { pth = '/' })")
            .find("a cookie has no attribute \"pth\" (did you mean \"path\"?)") !=
        std::string::npos);
  CHECK(
      error_of("http.cookie_jar().clear('http://a/')").find("write jar:clear(url), with a colon") !=
      std::string::npos);
}

}  // namespace perigee
