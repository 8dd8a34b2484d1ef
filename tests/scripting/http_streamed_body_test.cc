// Bodies that scripts have made while they are sent.
#include <fstream>

#include <doctest/doctest.h>

#include "tests/engine/output/scratch_folder.h"
#include "tests/scripting/http_fixture.h"

namespace perigee {
namespace {

const std::string kOk = answer("200 OK", {}, "fine");

// What a request's failure or an iteration's error says, of a body that is this expression.
std::string failure_of(const std::string& body) {
  RawServer server({{RawServer::request(), RawServer::hang()}});
  HttpScript script(server,
                    "local res = http.post(url, " + body + ")\nprint('said: ' .. res.error)");
  if (script.iterate() == IterationResult::kFailed) return script.vu().error();
  for (const std::string& line : script.lines()) {
    const size_t said = line.find("said: ");
    if (said != std::string::npos) return line.substr(said + 6);
  }
  return "";
}

bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("a function makes a body while it is sent") {
  RawServer server({answers({kOk, kOk})});
  HttpScript script(server, R"lua(
    local function pieces(list)
      local n = 0
      return function() n = n + 1 return list[n] end
    end
    local res = http.post(url, http.body_from(pieces{ "one", "three" }))
    assert(res.body == "fine" and res.request.body == "")
    http.put(url, http.body_from(pieces{ "a", "b" }, { size = 2 }), { headers = { A = "b" } })
  )lua");
  const IterationResult result = script.iterate();
  INFO(script.vu().error());
  REQUIRE(result == IterationResult::kCompleted);
  CHECK(body_of(server.requests()[0]) == "3\r\none\r\n5\r\nthree\r\n0\r\n\r\n");
  CHECK(contains(head_of(server.requests()[1]), "Content-Length: 2\r\n"));
  CHECK(body_of(server.requests()[1]) == "ab");
}

TEST_CASE("batches and promises have such bodies, too") {
  RawServer server({answers({kOk, kOk})});
  ScriptFixture::Options options;
  options.http.batch = 1;
  HttpScript script(server, R"lua(
    local function once(text)
      return http.body_from(function() local piece = text text = nil return piece end)
    end
    http.batch({ { "POST", url, once("in a batch") } })
    assert(http.async_request("POST", url, once("awaited")):await().status == 200)
  )lua",
                    {}, options);
  const IterationResult result = script.iterate();
  INFO(script.vu().error());
  REQUIRE(result == IterationResult::kCompleted);
  CHECK(contains(server.requests()[0], "in a batch"));
  CHECK(contains(server.requests()[1], "awaited"));
}

TEST_CASE("all VUs send one open file") {
  const ScratchFolder folder;
  std::ofstream(folder / "body.bin") << "content";
  RawServer server({answers({kOk}), answers({kOk})});
  ScriptFixture::Options options;
  options.folder = folder / "";
  HttpScript script(server,
                    "assert(file.size == 7 and file.path:find('body.bin$'))\n"
                    "assert(http.post(url, file).status == 200)",
                    "local file = http.body_file('body.bin')", options);
  for (const uint64_t vu : {1U, 2U}) {
    const IterationResult result = script.iterate(vu);
    INFO(script.vu(vu).error());
    REQUIRE(result == IterationResult::kCompleted);
  }
  CHECK(body_of(server.requests()[0]) == "content");
  CHECK(body_of(server.requests()[1]) == "content");
}

TEST_CASE("a redirection that keeps the body sends a file again, and what was made it can't") {
  const ScratchFolder folder;
  std::ofstream(folder / "body.bin") << "content";
  RawServer server({answers({answer("307 Temporary Redirect", "Location: /there\r\n"), kOk})});
  ScriptFixture::Options options;
  options.folder = folder / "";
  SUBCASE("a file") {
    HttpScript script(server, "assert(http.post(url, file).status == 200)",
                      "local file = http.body_file('body.bin')", options);
    REQUIRE(script.iterate() == IterationResult::kCompleted);
    CHECK(body_of(server.requests()[1]) == "content");
  }
  SUBCASE("a function") {
    HttpScript script(server,
                      "local n = 0\n"
                      "local res = http.post(url, http.body_from(function()\n"
                      "  n = n + 1 return n == 1 and 'x' or nil end))\n"
                      "assert(res.status == 0) print(res.error)");
    REQUIRE(script.iterate() == IterationResult::kCompleted);
    CHECK(
        script.told("the server answered 307 and wants the body once more, but what a function "
                    "made is gone"));
  }
}

TEST_CASE("a function that makes no body fails its request, with the script's line") {
  CHECK(contains(failure_of("http.body_from(function() error('oops') end)"),
                 "the function that makes the body failed: script.lua:3: oops"));
  CHECK(contains(failure_of("http.body_from(function() return {} end)"),
                 "script.lua:3: the function that makes the body must return a string, or nil at "
                 "the end; it returned a table"));
  CHECK(contains(failure_of("http.body_from(function() return '' end)"),
                 "script.lua:3: the function that makes the body returned an empty string"));
  CHECK(contains(failure_of("http.body_from(function() end, { size = 5 })"),
                 "the body ended after 0 of 5 bytes"));
  const std::string aside = "a function that makes a body can neither wait nor send requests";
  CHECK(contains(failure_of("http.body_from(function() perigee.sleep(1) end)"), aside));
  CHECK(contains(failure_of("http.body_from(function() http.get(url) end)"), aside));
  CHECK(contains(failure_of("http.body_from(function() http.batch({ url }) end)"), aside));
  CHECK(
      contains(failure_of("http.body_from(function() http.async_request('GET', url) end)"), aside));
  CHECK(contains(failure_of("http.body_from(function() coroutine.yield() end)"),
                 "the function that makes the body failed: "));
}

TEST_CASE("an iteration that is cut off lets its body go") {
  RawServer server({{RawServer::request(), RawServer::hang()}});
  HttpScript script(server, "http.post(url, http.body_from(function() error('late') end))");
  script.start();
  script.vu().interrupt();
  CHECK(script.finish() == IterationResult::kInterrupted);
  CHECK_FALSE(script.told("late"));
}

TEST_CASE("what a body is made from is checked") {
  CHECK(contains(failure_of("http.body_from('text')"),
                 "http.body_from: next_piece must be a function, got the string \"text\""));
  CHECK(contains(failure_of("http.body_from(print, { size = -1 })"),
                 "size must be a whole number of bytes"));
  CHECK(contains(failure_of("http.body_from(print, { length = 1 })"),
                 "there is no setting \"length\"; there is size"));
  CHECK(contains(failure_of("http.body_from(print), { compression = 'gzip' }"),
                 "compression is for bodies that are strings or forms"));
  CHECK(contains(failure_of("http.body_file('script.lua')"),
                 "files are opened at the top of the script, not while it runs"));
  CHECK(contains(failure_of("function() end"),
                 "body must be a string, a table (a form), "
                 "http.body_file(...) or http.body_from(...), got a "
                 "function"));
}

}  // namespace perigee
