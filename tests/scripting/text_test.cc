// perigee.text as scripts use it.
#include <doctest/doctest.h>

#include "tests/scripting/evaluate.h"

namespace perigee {
namespace {

// The value of an expression as JSON.
std::string json_of(const std::string& expression) {
  return evaluate("json.encode(" + expression + ")");
}

}  // namespace

TEST_CASE("a text is split at every separator, which is no pattern") {
  CHECK(json_of("text.split('a,b,,c', ',')") == R"(["a","b","","c"])");
  CHECK(json_of("text.split('', ',')") == R"([""])");
  CHECK(json_of("text.split(',', ',')") == R"(["",""])");
  CHECK(json_of("text.split('a.b', '.')") == R"(["a","b"])");
  CHECK(json_of("text.split('a--b-c', '--')") == R"(["a","b-c"])");
  CHECK(json_of("text.split('abc', '')") == R"(["a","b","c"])");
}

TEST_CASE("white space goes at both ends only") {
  CHECK(json_of(R"(text.trim(" \t a b\r\n"))") == R"("a b")");
  CHECK(json_of(R"(text.trim("  "))") == R"("")");
}

TEST_CASE("beginnings, ends and parts are compared as they are") {
  CHECK(json_of("{ text.starts_with('a.b', 'a.'), text.starts_with('axb', 'a.'),"
                "text.starts_with('a', ''), text.starts_with('a', 'ab') }") ==
        "[true,false,true,false]");
  CHECK(json_of("{ text.ends_with('x.gz', '.gz'), text.ends_with('xxgz', '.gz'),"
                "text.ends_with('a', ''), text.ends_with('b', 'ab') }") ==
        "[true,false,true,false]");
  CHECK(
      json_of("{ text.contains('a%b', '%'), text.contains('ab', '.'), text.contains('a', '') }") ==
      "[true,false,true]");
}

TEST_CASE("what stands between two texts is found, once or everywhere") {
  CHECK(json_of("text.between('<b>x</b><b>y</b>', '<b>', '</b>')") == R"("x")");
  CHECK(json_of("text.between('a[1]b', '[', ']')") == R"("1")");
  CHECK(json_of("text.between('a[1', '[', ']')") == "null");
  CHECK(json_of("text.between(']a[1', '[', ']')") == "null");
  CHECK(json_of("text.between('', '[', ']')") == "null");
  CHECK(json_of("text.all_between('<b>x</b><b></b><b>y', '<b>', '</b>')") == R"(["x",""])");
  CHECK(json_of("#text.all_between('abc', '[', ']')") == "0");
  CHECK(json_of("text.all_between('abc', '', '')") == R"(["","",""])");
}

TEST_CASE("characters of HTML are replaced where they are known") {
  CHECK(json_of("text.unescape_html('a &amp;&lt;&gt;&quot;&apos; b')") == R"("a &<>\"' b")");
  CHECK(json_of("text.unescape_html('&#39;&#x27;&#X41;')") == R"("''A")");
  CHECK(json_of("text.unescape_html('&#228;&#x20AC;&#x1F600;&nbsp;')") == "\"ä€😀\u00a0\"");
  CHECK(json_of("text.unescape_html('&unknown;&#xD800;&#x110000;&#zz;&;&amp')") ==
        R"("&unknown;&#xD800;&#x110000;&#zz;&;&amp")");
  CHECK(json_of("text.unescape_html('&amp;lt;')") == R"("&lt;")");
}

TEST_CASE("what is no text is refused by name") {
  CHECK(evaluate("text.split('a')").find("text.split") != std::string::npos);
  CHECK(evaluate("text.trim({})").find("text.trim") != std::string::npos);
}

}  // namespace perigee
