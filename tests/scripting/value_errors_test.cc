// Arguments of the right types that a module's functions can't use.
#include <string>
#include <utility>

#include <doctest/doctest.h>

#include "tests/support/script_fixture.h"

namespace perigee {
namespace {

const std::string kModules = R"lua(
local perigee, crypto, encoding = require "perigee", require "perigee.crypto", require "perigee.encoding"
local http, json, url, yaml = require "perigee.http", require "perigee.json", require "perigee.url", require "perigee.yaml"
)lua";

// What the call raises, which stands in line 5.
std::string error_of(const std::string& call) {
  ScriptFixture fixture(kModules + "return { default = function()\n" + call + "\nend }");
  return fixture.iterate() == IterationResult::kFailed ? fixture.vu().error() : "";
}

}  // namespace

TEST_CASE("a value that a function can't use is refused in the function's name") {
  const std::pair<const char*, const char*> kMessages[] = {
      {"crypto.create_hash('sha')", "crypto.create_hash: there is no hash algorithm \"sha\""},
      {"crypto.create_hmac('sha', 'k')", "crypto.create_hmac: there is no hash algorithm"},
      {"crypto.hmac('sha', 'k', 'd')", "crypto.hmac: there is no hash algorithm \"sha\""},
      {"crypto.sha256('d', 'hexx')", "crypto.sha256: there is no output encoding \"hexx\""},
      {"crypto.create_hash('md5'):digest('hexx')", "hasher:digest: there is no output encoding"},
      {"encoding.b64encode('d', 'urll')", "encoding.b64encode: there is no "},
      {"encoding.b64decode('d', 'urll')", "encoding.b64decode: there is no "},
      {"encoding.hex_decode('x')", "encoding.hex_decode: the text is not hexadecimal"},
      {"url.build({ port = 1 })", "url.build: "},
      {"url.build({ hots = 'a' })", "url.build: "},
      {"url.resolve('no base', 'x')", "url.resolve: "},
      {"http.cookie_jar():set('no URL', 'a', 'b')", "jar:set: the URL \"no URL\""},
      {"http.cookie_jar():set('http://a/', '', 'b')", "jar:set: a cookie needs a name"},
      {"http.cookie_jar():set('http://a/', 'a', 'b', { x = 1 })", "jar:set: a cookie has no attr"},
      {"http.cookie_jar():cookies_for_url('no URL')", "jar:cookies_for_url: the URL \"no URL\""},
      {"http.cookie_jar():delete('no URL', 'a')", "jar:delete: the URL \"no URL\""},
      {"json.encode(print)", "json.encode: cannot be encoded as JSON: a function"},
      {"json.encode({ a = 0 / 0 })", "json.encode: "},
      {"json.decode('{')", "json.decode: not JSON: "},
      {"json.find('{}', '@this')", "json.find: the JSON path \"@this\""},
      {"yaml.decode('a: [')", "yaml.decode: not YAML: "},
      {"yaml.encode(print)", "yaml.encode: "},
  };
  for (const auto& expected : kMessages) {
    const std::string error = error_of(expected.first);
    CAPTURE(std::string(expected.first));
    CAPTURE(error);
    const std::string start = std::string("script.lua:5: ") + expected.second;
    CHECK(error.starts_with(start));
    // Once, that is.
    const std::string name = start.substr(14, start.find(": ", 14) - 14);
    CHECK(error.find(name + ": ", 15) == std::string::npos);
  }
}

TEST_CASE("what a function of the script raises has no name of a function that called it") {
  CHECK(error_of("perigee.group('g', function() error('mine') end)")
            .starts_with("script.lua:5: mine"));
  CHECK(error_of("perigee.group('g', function() json.decode('{') end)")
            .starts_with("script.lua:5: json.decode: not JSON"));
}

}  // namespace perigee
