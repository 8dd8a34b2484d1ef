#include <doctest/doctest.h>

#include "tests/scripting/evaluate.h"

namespace perigee {

TEST_CASE("encoding.b64encode and b64decode know k6's four encodings") {
  CHECK(evaluate("encoding.b64encode('foob')") == "Zm9vYg==");
  CHECK(evaluate("encoding.b64encode('\\251\\255\\254\\0', 'rawurl')") == "-__-AA");
  CHECK(evaluate("encoding.b64encode('\\251\\255\\254\\0', 'rawstd')") == "+//+AA");
  CHECK(evaluate("encoding.b64decode('Zm9vYg==')") == "foob");
  CHECK(evaluate("#encoding.b64decode('-__-AA==', 'url')") == "4");
  CHECK(evaluate("encoding.b64decode('Zm9vYg==', nil)") == "foob");
}

TEST_CASE("encoding.hex_encode and hex_decode") {
  CHECK(evaluate("encoding.hex_encode('a\\255')") == "61ff");
  CHECK(evaluate("encoding.hex_decode('6A')") == "j");
}

TEST_CASE("what cannot be decoded is refused at the script's line") {
  CHECK(evaluate("encoding.b64decode('Zm9vYg')") ==
        "script.lua:5: encoding.b64decode: the text is not Base64 in the encoding \"std\"");
  CHECK(evaluate("encoding.b64encode('a', 'rawrl')") ==
        "script.lua:5: encoding.b64encode: there is no Base64 encoding \"rawrl\" (did you mean "
        "\"rawurl\"?); there are "
        "std, rawstd, url, rawurl");
  CHECK(evaluate("encoding.hex_decode('6')") ==
        "script.lua:5: encoding.hex_decode: the text is not hexadecimal");
  CHECK(evaluate("encoding.b64encode({})") ==
        "script.lua:5: encoding.b64encode: data must be a string, got a table; use json.encode for "
        "JSON");
}

}  // namespace perigee
