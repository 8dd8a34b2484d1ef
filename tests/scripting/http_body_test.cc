// Bodies of scripts and the headers that describe them, right or not what the script means.
#include <doctest/doctest.h>

#include "tests/scripting/http_fixture.h"

namespace perigee {
namespace {

struct Sent {
  std::vector<std::string> requests;
  std::vector<std::string> lines;  // of the log
};

// Runs one iteration, which must complete, against a server that answers all.
Sent run(const std::string& body, const std::string& init = {}) {
  RawServer server({answers(8)});
  HttpScript script(server, body, init);
  const IterationResult result = script.iterate();
  CHECK_MESSAGE(result == IterationResult::kCompleted, script.vu().error());
  return {server.requests(), script.lines()};
}

std::string error_of(const std::string& body) {
  ScriptFixture fixture(http_script(body));
  return fixture.iterate() == IterationResult::kFailed ? fixture.vu().error() : "";
}

// The value of the request's header; what stands for "none" is "-".
std::string header_of(const std::string& request, const std::string& name) {
  const std::string head = head_of(request);
  const size_t at = head.find("\r\n" + name + ": ");
  if (at == std::string::npos) return "-";
  const size_t start = at + name.size() + 4;
  return head.substr(start, head.find("\r\n", start) - start);
}

// What a form with one file is sent as when the script gives this Content-Type.
Sent send_file(const std::string& type) {
  return run("http.post(url, { f = http.file('x', 'y.bin') }, { headers = { ['Content-Type'] = '" +
             type + "' } })");
}

void check_boundary(const std::string& request, const std::string& boundary) {
  const std::string body = body_of(request);
  CHECK(body.starts_with("--" + boundary + "\r\n"));
  CHECK(body.ends_with("\r\n--" + boundary + "--\r\n"));
}

}  // namespace

TEST_CASE("a multipart type of the script's own gets the form's boundary") {
  for (const std::string type :
       {"multipart/form-data", "Multipart/Form-Data", "multipart/form-data;",
        "multipart/form-data; charset=utf-8", "multipart/mixed"}) {
    CAPTURE(type);
    const Sent sent = send_file(type);
    REQUIRE(sent.requests.size() == 1);
    const std::string given = header_of(sent.requests[0], "Content-Type");
    const std::string before = type.substr(0, type.find_last_not_of(';') + 1) + "; boundary=";
    REQUIRE(given.starts_with(before));
    check_boundary(sent.requests[0], given.substr(before.size()));
    CHECK(sent.lines.empty());
  }
}

TEST_CASE("a boundary of the script's own is the form's") {
  const std::vector<std::pair<std::string, std::string>> cases{
      {"multipart/form-data; boundary=abc", "abc"},
      {"multipart/form-data;Boundary=\"a b?c\"; charset=x", "a b?c"},
      {"multipart/form-data; x=\"a;boundary=no\"; boundary = abc", "abc"}};
  for (const auto& one : cases) {
    const std::string& type = one.first;
    CAPTURE(type);
    const Sent sent = send_file(type);
    REQUIRE(sent.requests.size() == 1);
    CHECK(header_of(sent.requests[0], "Content-Type") == type);
    check_boundary(sent.requests[0], one.second);
    CHECK(sent.lines.empty());
  }
}

TEST_CASE("a boundary that can't be one is refused") {
  const auto refused = [](const std::string& boundary, const std::string& message) {
    const std::string error = error_of(
        "http.post('http://a/', { f = http.file('to --be-- or', 'y.bin') }, "
        "{ headers = { ['Content-Type'] = 'multipart/form-data; boundary=" +
        boundary + "' } })");
    CAPTURE(error);
    CHECK(error.find("script.lua:3: ") == 0);
    CHECK(error.find("the Content-Type's boundary \"" + boundary + "\" " + message) !=
          std::string::npos);
  };
  refused("", "must be 1 to 70 letters");
  refused("a*b", "must be 1 to 70 letters");
  refused(std::string(71, 'x'), "must be 1 to 70 letters");
  refused("be--", "occurs in the form's \"f\"");
}

TEST_CASE("a table is sent in parts where the header says so, with files or without") {
  const Sent sent =
      run("http.post(url, { a = 1 }, { headers = { ['content-type'] = 'multipart/form-data' } })");
  REQUIRE(sent.requests.size() == 1);
  const std::string type = header_of(sent.requests[0], "content-type");
  REQUIRE(type.starts_with("multipart/form-data; boundary="));
  check_boundary(sent.requests[0], type.substr(30));
  CHECK(body_of(sent.requests[0]).find("name=\"a\"\r\n\r\n1\r\n") != std::string::npos);
  CHECK(header_of(sent.requests[0], "Content-Type") == "-");
}

TEST_CASE("the type of a client's default headers gets the boundary, too") {
  const Sent sent = run("client:post(url, { f = http.file('x') })",
                        "local client = http.client{ headers = { ['Content-Type'] = "
                        "'multipart/form-data' } }");
  REQUIRE(sent.requests.size() == 1);
  CHECK(header_of(sent.requests[0], "Content-Type").starts_with("multipart/form-data; boundary="));
}

TEST_CASE("a form whose header names another type is told, once for each request") {
  SUBCASE("with a file") {
    const Sent sent = send_file("application/octet-stream");
    REQUIRE(sent.lines.size() == 1);
    CHECK(sent.lines[0].find("is a table, which is sent as a form, but its header says "
                             "Content-Type: application/octet-stream; leave the header out") !=
          std::string::npos);
    CHECK(header_of(sent.requests.at(0), "Content-Type") == "application/octet-stream");
  }
  SUBCASE("with a file, under the type of a form without any") {
    const Sent sent = send_file("application/x-www-form-urlencoded");
    REQUIRE(sent.lines.size() == 1);
    CHECK(sent.lines[0].find("Content-Type: application/x-www-form-urlencoded; leave the header") !=
          std::string::npos);
  }
  SUBCASE("of JSON, in several places") {
    const Sent sent = run(R"lua(
      local json = { headers = { ["Content-Type"] = "application/json; charset=utf-8" } }
      for _ = 1, 3 do http.post(url .. "/a", { a = 1 }, json) end
      http.put(url .. "/a", { a = 1 }, json)
    )lua");
    REQUIRE(sent.lines.size() == 2);
    CHECK(sent.lines[0].find("The body of a POST to http") != std::string::npos);
    CHECK(sent.lines[0].find("json.encode makes JSON of a table") != std::string::npos);
    CHECK(sent.lines[1].find("The body of a PUT to http") != std::string::npos);
    CHECK(body_of(sent.requests.at(0)) == "a=1");
  }
  SUBCASE("but not where it may be meant") {
    const Sent sent = run(R"lua(
      for _, type in ipairs{ "application/x-www-form-urlencoded; charset=utf-8", "text/form" } do
        http.post(url, { a = 1 }, { headers = { ["Content-Type"] = type } })
      end
      http.post(url, "{}", { headers = { ["Content-Type"] = "application/json" } })
    )lua");
    CHECK(sent.lines.empty());
  }
}

TEST_CASE("a multipart body of the script's own needs a boundary in its header") {
  const Sent sent = run(R"lua(
    local function send(type) http.post(url, "--x--", { headers = { ["Content-Type"] = type } }) end
    send("multipart/form-data")
    send("multipart/form-data")
    send("multipart/form-data; boundary=x")
    http.get(url, { headers = { ["Content-Type"] = "multipart/form-data" } })
  )lua");
  REQUIRE(sent.lines.size() == 1);
  CHECK(sent.lines[0].find("The header Content-Type: multipart/form-data of a POST to http") !=
        std::string::npos);
  CHECK(sent.lines[0].find("names no boundary") != std::string::npos);
  CHECK(header_of(sent.requests.at(0), "Content-Type") == "multipart/form-data");
}

TEST_CASE("a Transfer-Encoding that is not sent is told, with what makes one") {
  SUBCASE("of a string") {
    const Sent sent = run(R"lua(
      for _ = 1, 2 do
        http.post(url, "four", { headers = { ["transfer-encoding"] = "chunked" } })
      end
    )lua");
    REQUIRE(sent.lines.size() == 1);
    CHECK(sent.lines[0].find("The header Transfer-Encoding: chunked of a POST to http") !=
          std::string::npos);
    CHECK(sent.lines[0].find("http.body_from(function) makes one that is sent in chunks") !=
          std::string::npos);
    CHECK(header_of(sent.requests.at(0), "Content-Length") == "4");
    CHECK(head_of(sent.requests.at(0)).find("ransfer-") == std::string::npos);
  }
  SUBCASE("of a client's default headers") {
    const Sent sent = run("client:post(url, 'four')",
                          "local client = http.client{ headers = { ['Transfer-Encoding'] = "
                          "'chunked', ['Content-Length'] = '9' } }");
    CHECK(sent.lines.size() == 2);
    CHECK(header_of(sent.requests.at(0), "Content-Length") == "4");
  }
  SUBCASE("that chunks don't have") {
    const Sent sent = run(R"lua(
      http.post(url, http.body_from(function() end), { headers = { ["Transfer-Encoding"] = "gzip" } })
    )lua");
    REQUIRE(sent.lines.size() == 1);
    CHECK(sent.lines[0].find("the body is sent in chunks, and in nothing else") !=
          std::string::npos);
  }
  SUBCASE("but not where the body is sent so") {
    const Sent sent = run(R"lua(
      local chunked = { headers = { ["Transfer-Encoding"] = "Chunked" } }
      http.post(url, http.body_from(function() end), chunked)
    )lua");
    CHECK(sent.lines.empty());
    CHECK(header_of(sent.requests.at(0), "Transfer-Encoding") == "chunked");
  }
}

TEST_CASE("a coding that the parameter compression replaces is told") {
  const Sent sent = run(R"lua(
    local function send(coding)
      http.post(url, "text", { compression = "gzip", headers = { ["Content-Encoding"] = coding } })
    end
    send("br")
    send("gzip")
  )lua");
  REQUIRE(sent.lines.size() == 1);
  CHECK(sent.lines[0].find("The header Content-Encoding: br of a POST") != std::string::npos);
  CHECK(header_of(sent.requests.at(0), "Content-Encoding") == "gzip");
}

TEST_CASE("fields in the body of a GET or HEAD are told once") {
  std::string first;
  std::string body;
  SUBCASE("of http.request") {
    first = "GET";
    body = "http.request('GET', url, { a = 1 }) http.request('HEAD', url .. '/b', { a = 1 })";
  }
  SUBCASE("of a HEAD") {
    first = "HEAD";
    body = "for _ = 1, 3 do http.request('head', url, { a = 1 }) end";
  }
  SUBCASE("of a batch") {
    first = "GET";
    body = "http.batch({ { 'GET', url, { a = 1 } }, { 'GET', url, { a = 2 } } })";
  }
  SUBCASE("of an asynchronous request") {
    first = "GET";
    body = "http.async_request('GET', url, { a = 1 }):await()";
  }
  const Sent sent = run(body);
  REQUIRE(sent.lines.size() == 1);
  CHECK(sent.lines[0].find("The fields of a " + first + " to http") != std::string::npos);
  CHECK(sent.lines[0].find("url.build_query of perigee.url") != std::string::npos);
}

TEST_CASE("the body of a GET that is text is meant") {
  CHECK(run("http.request('GET', url, '{}')").lines.empty());
  CHECK(run("http.request('GET', url)").lines.empty());
}

TEST_CASE("what a request looks like when it is only looked at is told by nobody") {
  const Sent sent = run(R"lua(
    local res = http.post(url, "four", { headers = { ["Content-Length"] = "9" } })
    print(res.request.headers["Content-Length"], res.request.body)
  )lua");
  REQUIRE(sent.lines.size() == 2);
  CHECK(sent.lines[0].find("Content-Length: 9") != std::string::npos);
}

}  // namespace perigee
