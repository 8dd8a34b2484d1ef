// Cookies of scripts: which request carries which.
#include <doctest/doctest.h>

#include "tests/scripting/http_fixture.h"

namespace perigee {
namespace {

const std::string kOk = answer("200 OK", {}, "fine");

// The Cookie headers that each of the requests had, one a line.
std::vector<std::string> cookies_of(const std::vector<std::string>& requests) {
  std::vector<std::string> cookies;
  for (const std::string& request : requests) {
    std::string lines;
    const std::string head = head_of(request);
    for (size_t at = head.find("\r\nCookie: "); at != std::string::npos;
         at = head.find("\r\nCookie: ", at + 1)) {
      lines += head.substr(at + 10, head.find("\r\n", at + 2) - at - 10) + "\n";
    }
    cookies.push_back(lines);
  }
  return cookies;
}

// Runs one iteration, which must complete.
void run(const RawServer& server, const std::string& body) {
  HttpScript script(server, body);
  const IterationResult result = script.iterate();
  CHECK_MESSAGE(result == IterationResult::kCompleted, script.vu().error());
}

std::string error_of(const std::string& body) {
  ScriptFixture fixture(http_script(body));
  return fixture.iterate() == IterationResult::kFailed ? fixture.vu().error() : "";
}

using Lines = std::vector<std::string>;

}  // namespace

TEST_CASE("what would end a cookie in its header is refused by name") {
  const auto refused = [](const std::string& name, const std::string& value,
                          const std::string& message) {
    const std::string error =
        error_of("http.cookie_jar():set('http://a/', " + name + ", " + value + ")");
    INFO(error);
    CHECK(error.find("script.lua:3: " + message) == 0);
    const std::string param =
        error_of("http.get('http://a/', { cookies = { [" + name + "] = " + value + " } })");
    INFO(param);
    CHECK(param.find("script.lua:3: " + message) == 0);
  };
  refused("'sid'", "'a;b'", "the value of the cookie \"sid\" must not contain \";\"");
  refused("'sid'", "'a\\nb'", "the value of the cookie \"sid\" must not contain a line end");
  refused("'sid'", "'a\\rb'", "the value of the cookie \"sid\" must not contain a line end");
  refused("'sid'", "'a\\0b'", "the value of the cookie \"sid\" must not contain a control char");
  refused("'a=b'", "'c'", "the name of the cookie \"a=b\" must not contain \"=\"");
  refused("'a b'", "'c'", "the name of the cookie \"a b\" must not contain \" \"");
  refused("''", "'c'", "a cookie needs a name");
}

TEST_CASE("quotes, blanks, commas and bytes outside ASCII may stand in a cookie's value") {
  RawServer server({answers({kOk})});
  run(server, "http.get(url, { cookies = { a = 'x y', b = '\"q\"', c = 'caf\\195\\169=,' } })");
  CHECK(cookies_of(server.requests()) == Lines{"a=\"x y\"; b=\"q\"; c=\"caf\xc3\xa9=,\"\n"});
}

}  // namespace perigee
