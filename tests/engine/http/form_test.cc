#include "engine/http/form.h"

#include <array>

#include <doctest/doctest.h>

#include "engine/http/multipart.h"

namespace perigee::http {
namespace {

TEST_CASE("a form keeps the order of its fields and encodes what is special") {
  const std::array<FormField, 4> fields{
      {{"b", "x y"}, {"a", "1&2=3"}, {"a", "\xc3\xbc+%"}, {"empty", ""}}};
  CHECK(encode_form(fields) == "b=x+y&a=1%262%3D3&a=%C3%BC%2B%25&empty=");
  CHECK(encode_form({}).empty());
}

TEST_CASE("letters, digits and four marks stand in forms as they are") {
  std::string out;
  append_form_encoded(out, "azAZ09-_.~");
  CHECK(out == "azAZ09-_.~");
}

TEST_CASE("a multipart body holds fields and files") {
  const std::array<FormPart, 2> parts{
      {{.name = "title", .content = "x"},
       {.name = "data", .content = "a\r\nb", .file_name = "a.bin", .content_type = "text/plain"}}};
  CHECK(encode_multipart(parts, "XYZ") ==
        "--XYZ\r\nContent-Disposition: form-data; name=\"title\"\r\n\r\nx\r\n"
        "--XYZ\r\nContent-Disposition: form-data; name=\"data\"; filename=\"a.bin\"\r\n"
        "Content-Type: text/plain\r\n\r\na\r\nb\r\n"
        "--XYZ--\r\n");
  CHECK(multipart_type("XYZ") == "multipart/form-data; boundary=XYZ");
}

TEST_CASE("names can't break out of a multipart header") {
  const std::array<FormPart, 1> parts{{{.name = "a\"b\\c\r\nd", .content = ""}}};
  CHECK(encode_multipart(parts, "B") ==
        "--B\r\nContent-Disposition: form-data; name=\"a\\\"b\\\\c%0D%0Ad\"\r\n\r\n\r\n--B--\r\n");
}

TEST_CASE("a Content-Type is taken apart") {
  CHECK(media_type(" Text/Plain ; charset=x") == "text/plain");
  CHECK(media_type("") == "");
  CHECK(is_multipart("Multipart/Mixed; boundary=x"));
  CHECK_FALSE(is_multipart("application/multipart"));
}

TEST_CASE("the boundary of a Content-Type is found") {
  CHECK(boundary_of("multipart/form-data; boundary=abc") == "abc");
  CHECK(boundary_of("multipart/form-data;charset=\"a;boundary=b\"; BOUNDARY = \"c d\\\"\" ; x=y") ==
        "c d\"");
  CHECK(boundary_of("multipart/form-data; boundary=") == "");
  for (const char* type : {"multipart/form-data", "multipart/form-data;", "boundary=x",
                           "multipart/form-data; boundary", "multipart/form-data; xboundary=y"}) {
    CHECK_FALSE(boundary_of(type));
  }
}

TEST_CASE("a boundary is short, of a few characters, and gets behind what the type has") {
  for (const char* text : {"a", "aZ09'()+_,-./:=?", "a b"})
    CHECK(is_boundary(text));
  for (const char* text : {"", "a ", "a\"b", "a;b", "a\nb", "\xc3\xa9"})
    CHECK_FALSE(is_boundary(text));
  CHECK(is_boundary(std::string(70, 'x')));
  CHECK_FALSE(is_boundary(std::string(71, 'x')));
  CHECK(with_boundary("multipart/mixed; ", "b") == "multipart/mixed; boundary=b");
  CHECK(with_boundary("multipart/mixed;x=y", "b") == "multipart/mixed;x=y; boundary=b");
}

}  // namespace
}  // namespace perigee::http
