#include "engine/http/request_head.h"

#include <vector>

#include <doctest/doctest.h>

namespace perigee::http {
namespace {

struct Written {
  std::string text;
  RequestHead head;
};

Written write(std::string_view method, std::vector<Header> headers = {}, std::string_view body = "",
              std::string_view url = "http://example.org:9000/x?y=1") {
  std::string error;
  Request request;
  request.url = std::make_shared<const Url>(*parse_url(url, error));
  request.method = method;
  request.headers = headers;
  request.body = body;
  Written written;
  written.head = write_request_head(written.text, request, {.user_agent = "perigee/test"});
  end_request_head(written.text, written.head, body.size());
  return written;
}

TEST_CASE("a plain GET names its host and itself") {
  CHECK(write("GET").text ==
        "GET /x?y=1 HTTP/1.1\r\n"
        "Host: example.org:9000\r\n"
        "User-Agent: perigee/test\r\n"
        "\r\n");
}

TEST_CASE("a POST tells the length of its body") {
  CHECK(write("POST", {{"Content-Type", "text/plain"}}, "hello").text ==
        "POST /x?y=1 HTTP/1.1\r\n"
        "Host: example.org:9000\r\n"
        "Content-Type: text/plain\r\n"
        "User-Agent: perigee/test\r\n"
        "Content-Length: 5\r\n"
        "\r\n");
}

TEST_CASE("POST, PUT and PATCH tell that they have no body, other methods need not") {
  const auto tells = [](std::string_view method) {
    return write(method).text.find("Content-Length: 0\r\n") != std::string::npos;
  };
  CHECK(tells("POST"));
  CHECK(tells("PUT"));
  CHECK(tells("PATCH"));
  CHECK_FALSE(tells("GET"));
  CHECK_FALSE(tells("DELETE"));
}

TEST_CASE("a body is sent with any method") {
  CHECK(write("DELETE", {}, "ab").text.find("Content-Length: 2\r\n") != std::string::npos);
}

TEST_CASE("a script's own Content-Length and Transfer-Encoding are dropped") {
  const std::string text =
      write("POST", {{"content-length", "99"}, {"Transfer-Encoding", "chunked"}}, "hello").text;
  CHECK(text.find("99") == std::string::npos);
  CHECK(text.find("chunked") == std::string::npos);
  CHECK(text.find("Content-Length: 5\r\n") != std::string::npos);
}

TEST_CASE("a script's Host takes the place of the URL's") {
  CHECK(write("GET", {{"host", "inference.local"}}).text ==
        "GET /x?y=1 HTTP/1.1\r\n"
        "Host: inference.local\r\n"
        "User-Agent: perigee/test\r\n"
        "\r\n");
}

TEST_CASE("a script's User-Agent takes the place of ours, however it is spelt") {
  CHECK(write("GET", {{"USER-agent", "me"}}).text ==
        "GET /x?y=1 HTTP/1.1\r\n"
        "Host: example.org:9000\r\n"
        "USER-agent: me\r\n"
        "\r\n");
}

TEST_CASE("user and password of the URL become Basic authorization") {
  const auto authorization = [](std::string_view credentials) {
    const std::string text =
        write("GET", {}, "", "http://" + std::string(credentials) + "@example.org/").text;
    const size_t start = text.find("Authorization: ");
    return text.substr(start, text.find("\r\n", start) - start);
  };
  CHECK(authorization("a:b") == "Authorization: Basic YTpi");
  CHECK(authorization("user:pass") == "Authorization: Basic dXNlcjpwYXNz");
  CHECK(authorization("ab:cd") == "Authorization: Basic YWI6Y2Q=");
  CHECK(authorization("abc") == "Authorization: Basic YWJj");
  CHECK(authorization("ab%FF:") == "Authorization: Basic YWL/Og==");
}

TEST_CASE("a script's own Authorization wins over the URL's") {
  const std::string text =
      write("GET", {{"authorization", "Bearer t"}}, "", "http://a:b@example.org/").text;
  CHECK(text.find("Basic") == std::string::npos);
  CHECK(text.find("authorization: Bearer t\r\n") != std::string::npos);
}

TEST_CASE("headers and methods that would break the protocol are refused") {
  CHECK(write("GET", {{"X", "a\r\nEvil: 1"}}).head.error ==
        "the header \"X\" has a value that HTTP does not allow");
  CHECK(write("GET", {{"X Y", "a"}}).head.error ==
        "the header \"X Y\" has a name that HTTP does not allow");
  CHECK(write("GET", {{"", "a"}}).head.error ==
        "the header \"\" has a name that HTTP does not allow");
  CHECK(write("GE T").head.error == "\"GE T\" is not an HTTP method");
  CHECK(write("").head.error == "\"\" is not an HTTP method");
  CHECK(write("GET", {{"X-Text", "tab\tand \xc3\xa9"}}).head.error.empty());
}

TEST_CASE("what may be sent twice is known by its method") {
  for (const std::string_view method : {"GET", "HEAD", "OPTIONS", "TRACE", "PUT", "DELETE"}) {
    CHECK(write(method).head.idempotent);
  }
  CHECK_FALSE(write("POST").head.idempotent);
  CHECK_FALSE(write("PATCH").head.idempotent);
  CHECK(write("HEAD").head.expects_no_body);
  CHECK_FALSE(write("GET").head.expects_no_body);
}

TEST_CASE("a script may ask for the connection to be closed") {
  CHECK(write("GET", {{"connection", "Close"}}).head.close);
  CHECK_FALSE(write("GET", {{"Connection", "keep-alive"}}).head.close);
}

}  // namespace
}  // namespace perigee::http
