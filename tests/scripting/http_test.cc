// The requests that scripts write, as the server sees them and as they are measured.
#include <doctest/doctest.h>

#include "tests/scripting/http_fixture.h"

namespace perigee {
namespace {

const std::string kOk = answer("200 OK", {}, "fine");

// What went wrong in a single iteration of this body; "" if nothing.
std::string error_of(const std::string& body) {
  ScriptFixture fixture(http_script(body));
  return fixture.iterate() == IterationResult::kFailed ? fixture.vu().error() : "";
}

}  // namespace

TEST_CASE("each function sends the method of its name, with a body where it takes one") {
  RawServer server({answers(std::vector<std::string>(8, kOk))});
  HttpScript script(server, R"lua(
    http.get(url .. "/get")
    http.post(url .. "/post", "a")
    http.put(url .. "/put", "b")
    http.patch(url .. "/patch", "c")
    http.del(url .. "/del")
    http.options(url .. "/options", nil, { headers = { ["X-A"] = "1" } })
    http.request("purge", url .. "/request", "d")
    http.del(url .. "/del", "e")
  )lua");
  REQUIRE(script.iterate() == IterationResult::kCompleted);
  const std::vector<std::string> requests = server.requests();
  REQUIRE(requests.size() == 8);
  const char* starts[] = {"GET /get ",    "POST /post ",       "PUT /put ",       "PATCH /patch ",
                          "DELETE /del ", "OPTIONS /options ", "PURGE /request ", "DELETE /del "};
  const char* bodies[] = {"", "a", "b", "c", "", "", "d", "e"};
  for (size_t i = 0; i < 8; ++i) {
    CHECK(requests[i].starts_with(starts[i]));
    CHECK(body_of(requests[i]) == bodies[i]);
  }
  CHECK(requests[5].find("X-A: 1\r\n") != std::string::npos);
  CHECK(script.sum("http_reqs", {{"method", "DELETE"}}) == 2);
}

TEST_CASE("head gets headers and no body, whatever its length says") {
  RawServer server({answers({"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n", kOk})});
  HttpScript script(server,
                    "local res = http.head(url)\n"
                    "assert(res.body == '' and res.headers['Content-Length'] == '1000')\n"
                    "assert(http.get(url).body == 'fine')");
  CHECK(script.iterate() == IterationResult::kCompleted);
  CHECK(server.connections() == 1);
}

TEST_CASE("statuses from 200 to 399 are expected unless a script says otherwise") {
  const std::vector<std::string> statuses{answer("302 Found"), answer("404 Not Found"),
                                          answer("404 Not Found"), answer("200 OK"),
                                          answer("500 Oops")};
  RawServer server({answers(statuses)});
  HttpScript script(server, R"lua(
    http.get(url)
    http.get(url)
    http.get(url, { responseCallback = http.expected_statuses(404) })
    http.get(url, { responseCallback = http.expected_statuses({ min = 400, max = 499 }, 500) })
    http.get(url, { responseCallback = false })
  )lua");
  REQUIRE(script.iterate() == IterationResult::kCompleted);
  CHECK(script.samples("http_req_failed") == 4);
  CHECK(script.sum("http_req_failed") == 2);
  CHECK(script.sum("http_reqs", {{"status", "302"}, {"expected_response", "true"}}) == 1);
  CHECK(script.sum("http_reqs", {{"status", "404"}, {"expected_response", "false"}}) == 1);
  CHECK(script.sum("http_reqs", {{"status", "404"}, {"expected_response", "true"}}) == 1);
  CHECK(script.sum("http_reqs", {{"status", "200"}, {"expected_response", "false"}}) == 1);
  CHECK(script.sum("http_reqs", {{"status", "500"}}) == 1);
  CHECK(script.sum("http_reqs", {{"status", "500"}, {"expected_response", "false"}}) == 0);
}

TEST_CASE("set_response_callback holds for all requests of the VU that called it") {
  RawServer server({answers(std::vector<std::string>(3, answer("500 Oops")))});
  HttpScript script(server,
                    "if __VU == 2 then http.set_response_callback(nil) end\n"
                    "http.get(url)\n"
                    "http.get(url, { responseCallback = http.expected_statuses(200) })",
                    "http.set_response_callback(http.expected_statuses(500))");
  script.iterate(1);
  CHECK(script.samples("http_req_failed") == 2);
  CHECK(script.sum("http_req_failed") == 1);
  script.iterate(2);
  CHECK(script.samples("http_req_failed") == 3);
}

TEST_CASE("expected statuses that make no sense are refused with their line") {
  CHECK(error_of("http.expected_statuses()")
            .find("script.lua:3: http.expected_statuses: there is no "
                  "argument") == 0);
  CHECK(error_of("http.expected_statuses('200')").find("a status like 200 or a range like") !=
        std::string::npos);
  CHECK(error_of("http.expected_statuses({ min = 300, max = 200 })")
            .find("the range from 300 to 200 holds nothing") != std::string::npos);
  CHECK(error_of("http.get('http://127.0.0.1:1', { responseCallback = function() end })")
            .find("responseCallback must be what http.expected_statuses(...) returns, or false to "
                  "judge no status, got a function") != std::string::npos);
}

TEST_CASE("URLs of one template share a name") {
  RawServer server({answers(std::vector<std::string>(4, kOk))});
  HttpScript script(server, R"lua(
    for id = 7, 8 do
      local res = http.get(http.url(url .. "/items/${}/of/${}", id, "a b"):gsub(" ", "%%20"))
    end
  )lua");
  CHECK(script.iterate() == IterationResult::kFailed);  // it is no string

  HttpScript named(server, R"lua(
    for id = 7, 8 do
      local res = http.get(http.url(url .. "/items/${}/of/{}", id, "x"), { tags = { mine = "1" } })
      assert(res.url == url .. "/items/" .. id .. "/of/x")
    end
    http.get(http.url(url .. "/items/${}", 9))
    http.get(http.url(url .. "/items/${}", 9), { tags = { name = "items" } })
  )lua");
  REQUIRE_MESSAGE(named.iterate() == IterationResult::kCompleted, named.vu().error());
  CHECK(server.requests()[1].starts_with("GET /items/8/of/x HTTP"));
  const std::string name = server.url("/items/${}/of/{}");
  CHECK(named.sum("http_reqs", {{"name", name}, {"url", name}, {"mine", "1"}}) == 2);
  CHECK(named.sum("http_reqs", {{"name", server.url("/items/${}")}}) == 1);
  CHECK(named.sum("http_reqs", {{"name", "items"}, {"url", "items"}}) == 1);
}

TEST_CASE("a template needs as many values as it has places") {
  CHECK(error_of("http.url('http://a/${}/${}', 1)")
            .find("script.lua:3: http.url: the template has 2 places for 1 values") == 0);
  CHECK(error_of("http.url(7)").find("http.url: template must be a string, got the number 7") !=
        std::string::npos);
}

TEST_CASE("with throw a request without an answer is an error at the script's line") {
  CHECK(error_of("http.get('http://127.0.0.1:1/', { throw = true })")
            .starts_with("script.lua:3: GET http://127.0.0.1:1/: dial: connection refused\n"));
  CHECK(error_of("http.post('nonsense', '', { throw = true })")
            .starts_with("script.lua:3: POST nonsense: it must start with http:// or https://\n"));
  CHECK(error_of("http.async_request('GET', 'http://127.0.0.1:1/', nil, { throw = true }):await()")
            .find("script.lua:3: GET http://127.0.0.1:1/: dial: connection refused") == 0);
  CHECK(error_of("http.get('http://127.0.0.1:1/')").empty());
}

TEST_CASE("options say what requests do that say nothing themselves") {
  RawServer server({answers({kOk, kOk})});
  ScriptFixture::Options options;
  options.http.throws = true;
  options.http.discard_response_bodies = true;
  HttpScript script(server,
                    "assert(http.get(url).body == nil)\n"
                    "assert(http.get(url, { responseType = 'text' }).body == 'fine')\n"
                    "assert(http.get('nonsense', { throw = false }).status == 0)\n"
                    "http.get('http://127.0.0.1:1/')",
                    {}, options);
  CHECK(script.iterate() == IterationResult::kFailed);
  CHECK(script.vu().error().find("script.lua:6: GET http://127.0.0.1:1/: dial:") == 0);
}

TEST_CASE("with the option traceparent each request carries a trace of its own") {
  RawServer server({answers({kOk, kOk, kOk})});
  ScriptFixture::Options options;
  options.http.traceparent = true;
  HttpScript script(server,
                    "local sent = http.get(url).request.headers\n"
                    "assert(sent.Traceparent[1]:match('^00%-%x+%-%x+%-01$'))\n"
                    "http.batch({ { 'GET', url } })\n"
                    "http.get(url, { headers = { Traceparent = 'mine' } })",
                    {}, options);
  REQUIRE(script.iterate() == IterationResult::kCompleted);
  const std::vector<std::string> requests = server.requests();
  const auto trace_of = [&](size_t index) {
    const size_t at = requests.at(index).find("raceparent: ");
    return at == std::string::npos ? "" : requests[index].substr(at + 12, 55);
  };
  CHECK(trace_of(0).starts_with("00-"));
  CHECK(trace_of(1).starts_with("00-"));
  CHECK(trace_of(0) != trace_of(1));
  CHECK(trace_of(2).starts_with("mine\r\n"));
  CHECK(requests[2].find("00-") == std::string::npos);
}

TEST_CASE("without it no request does") {
  RawServer server({answers({kOk})});
  HttpScript script(server, "http.get(url)");
  REQUIRE(script.iterate() == IterationResult::kCompleted);
  CHECK(server.requests().at(0).find("raceparent") == std::string::npos);
}

TEST_CASE("with throw a status of 500 is an answer") {
  RawServer server({answers({answer("500 Oops")})});
  HttpScript script(server, "assert(http.get(url, { throw = true }).status == 500)");
  CHECK(script.iterate() == IterationResult::kCompleted);
}

TEST_CASE("a response tells the request it answers") {
  RawServer server({answers({kOk, kOk})});
  HttpScript script(server, R"lua(
    local res = http.put(url .. "/a", "text", { headers = { ["x-count"] = 7 } })
    local sent = res.request
    assert(sent.method == "PUT" and sent.url == url .. "/a" and sent.body == "text")
    assert(sent.headers["X-Count"][1] == "7" and res.request == sent)
    assert(http.get(url).request.body == "")
    local failed = http.request("get", "nonsense")
    assert(failed.request.url == "nonsense" and failed.request.method == "GET")
  )lua");
  const IterationResult result = script.iterate();
  INFO(script.vu().error());
  CHECK(result == IterationResult::kCompleted);
}

TEST_CASE("a method called with a dot says that it takes a colon") {
  const std::string message = "script.lua:3: res:json: write res:json(path), with a colon";
  CHECK(error_of("http.get('http://127.0.0.1:1').json('name')").find(message) == 0);
  CHECK(error_of("http.get('http://127.0.0.1:1').json()").find(message) == 0);
}

TEST_CASE("what k6 has and perigee has not is refused with a sentence") {
  CHECK(error_of("print(http.OCSP_STATUS_GOOD)").find("http.OCSP_STATUS_GOOD is not available") !=
        std::string::npos);
  CHECK(error_of("http.asyncRequest()").find("(did you mean \"async_request\"?)") !=
        std::string::npos);
  CHECK(error_of("http.get('http://127.0.0.1:1').html()").find("res:html() is not available") !=
        std::string::npos);
  CHECK(error_of("print(http.get('http://127.0.0.1:1').ocsp)").find("res.ocsp is not available") !=
        std::string::npos);
  CHECK(error_of("http.get('http://127.0.0.1:1').submitForm()").find("res:submit_form() is not") !=
        std::string::npos);
}

TEST_CASE("an unknown parameter is refused with the closest one") {
  CHECK(error_of("http.get('http://a', { header = {} })")
            .starts_with("script.lua:3: http.get: there is no request parameter \"header\" "
                         "(did you mean \"headers\"?)\n"));
  CHECK(error_of("http.get('http://a', { throw = 1 })")
            .find("throw must be true or false, got a number") != std::string::npos);
}

TEST_CASE("headers of an answer are found whatever the case of their names") {
  RawServer server({answers({answer("200 OK", "content-TYPE: text/plain\r\nX-A: 1\r\n")})});
  HttpScript script(server, R"lua(
    local headers = http.get(url).headers
    assert(headers["content-type"] == "text/plain" and headers["Content-Type"] == "text/plain")
    assert(headers["x-a"] == "1" and headers["x-b"] == nil and headers[1] == nil)
    local names = {}
    for name in pairs(headers) do names[#names + 1] = name end
    table.sort(names)
    assert(table.concat(names, " ") == "Content-Length Content-Type X-A")
  )lua");
  const IterationResult result = script.iterate();
  INFO(script.vu().error());
  CHECK(result == IterationResult::kCompleted);
}

TEST_CASE("an answer in brotli is unpacked") {
  const std::string packed("\x0b\x02\x80hello\x03", 9);
  RawServer server({answers({answer("200 OK", "Content-Encoding: br\r\n", packed)})});
  HttpScript script(server, "local res = http.get(url)\nassert(res.body == 'hello', res.error)");
  const IterationResult result = script.iterate();
  INFO(script.vu().error());
  CHECK(result == IterationResult::kCompleted);
}

TEST_CASE("arguments in each other's place are told from a form") {
  const auto says = [](const std::string& body, const std::string& part) {
    const std::string error = error_of(body);
    INFO(error);
    CHECK(error.find(part) != std::string::npos);
  };
  says("http.get('http://a/', nil, { timeout = '1s' })",
       "script.lua:3: http.get takes no body: its arguments are the URL and the parameters");
  says("http.head('http://a/', nil, {})", "http.head takes no body");
  says("http.request('GET', 'http://a/', { headers = { A = 'b' } })",
       "the table with \"headers\" stands where the body belongs, which comes before the "
       "parameters: (url, body, params), with nil for no body");
  says("http.post('http://a/', { tags = { a = 'b' } })", "the table with \"tags\" stands where");
  says("http.get('http://a/', 'text')",
       "http.get: params must be a table, got the string \"text\"; a body comes before it");
  says("http.post('http://a/', nil, { body = 'x' })",
       "there is no request parameter \"body\": the body is an argument of its own");
}

TEST_CASE("user and password of a URL are in no tag") {
  RawServer server({answers({kOk, kOk})});
  HttpScript script(server, R"lua(
    local secret = url:gsub("//", "//me:hidden@")
    http.get(secret .. "/a")
    http.get(http.url(secret .. "/b/${}", 4))
  )lua");
  REQUIRE(script.iterate() == IterationResult::kCompleted);
  const std::string masked = "http://****:****@" + server.url("").substr(7);
  for (const char* tag : {"name", "url"}) {
    CHECK(script.sum("http_reqs", {{tag, masked + "/a"}}) == 1);
    CHECK(script.sum("http_reqs", {{tag, masked + "/b/${}"}}) == 1);
  }
}

}  // namespace perigee
