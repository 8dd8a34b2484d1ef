#include "scripting/data/record_scanner.h"

#include <doctest/doctest.h>

namespace perigee {
namespace {

using Fields = std::vector<std::string>;

// The records of a text as a scanner cuts it.
Fields records(std::string_view text, RecordFormat format) {
  RecordScanner scanner(format);
  Fields found(1);
  for (const char c : text) {
    found.back() += c;
    if (!scanner.feed(c)) continue;
    scanner.reset();
    found.emplace_back();
  }
  return found;
}

size_t fields(std::string_view row) {
  RecordScanner scanner({.csv = true});
  for (const char c : row)
    scanner.feed(c);
  return scanner.fields();
}

}  // namespace

TEST_CASE("lines end at line ends, whatever quotes they hold") {
  CHECK(records("a \"b\nc\" d\n\n", {}) == Fields{"a \"b\n", "c\" d\n", "\n", ""});
}

TEST_CASE("rows end at line ends outside of quotes") {
  const RecordFormat csv{.csv = true};
  CHECK(records("a,b\n\"c\nd\",e\n", csv) == Fields{"a,b\n", "\"c\nd\",e\n", ""});
  CHECK(records("\"a\"\"\n\",b\nc", csv) == Fields{"\"a\"\"\n\",b\n", "c"});
  CHECK(records("5\" pipe,b\nc", csv) == Fields{"5\" pipe,b\n", "c"});
}

TEST_CASE("delimiters are counted outside of quotes") {
  CHECK(fields("") == 1);
  CHECK(fields("a,b,c") == 3);
  CHECK(fields(",") == 2);
  CHECK(fields("\"a,b\",c") == 2);
  CHECK(fields("\"a\"\",b\",c") == 2);
}

TEST_CASE("what follows a quoted field without a delimiter is malformed") {
  const auto malformed = [](std::string_view row) {
    RecordScanner scanner({.csv = true});
    for (const char c : row)
      scanner.feed(c);
    return scanner.malformed();
  };
  CHECK(malformed("\"a\"b,c"));
  CHECK_FALSE(malformed("\"a\",\"b\"\r\n"));
  CHECK_FALSE(malformed("\"a\"\"b\""));
}

TEST_CASE("a row is split into its fields without their quotes") {
  CHECK(split_row("a,b c,", ',') == Fields{"a", "b c", ""});
  CHECK(split_row("", ',') == Fields{""});
  CHECK(split_row("\"a,b\",\"say \"\"hi\"\"\",\"\"", ',') == Fields{"a,b", "say \"hi\"", ""});
  CHECK(split_row("\"line\nend\";x", ';') == Fields{"line\nend", "x"});
  CHECK(split_row("5\" pipe,a \"b\" c", ',') == Fields{"5\" pipe", "a \"b\" c"});
}

}  // namespace perigee
