#include <string>

#include <doctest/doctest.h>

#include "tests/scripting/protobuf/codec_fixture.h"

namespace perigee {
namespace {

using namespace std::string_literals;

// A message as a script writes it, as libprotobuf's text, and what is decoded as JSON, if that can
// be.
struct Case {
  const char* type;
  const char* lua;
  const char* text;
  const char* json;
};

void check(CodecFixture& fixture, const Case& example) {
  CAPTURE(example.lua);
  const std::string bytes = fixture.reference(example.type, example.text);
  const std::string encoded = fixture.encoded(example.type, example.lua);
  CHECK(fixture.read_by_reference(example.type, encoded) ==
        fixture.read_by_reference(example.type, bytes));
  CHECK(encoded == bytes);
  if (example.json != nullptr) CHECK(fixture.decoded(example.type, bytes) == example.json);
}

constexpr const char* kNoScalars =
    R"({"a_bool":false,"a_bytes":"","a_colour":"COLOUR_UNSPECIFIED","a_double":0,"a_fixed32":0,)"
    R"("a_fixed64":0,"a_float":0,"a_sfixed32":0,"a_sfixed64":0,"a_sint32":0,"a_sint64":0,)"
    R"("a_string":"","a_uint32":0,"a_uint64":0,"an_int32":0,"an_int64":0})";

TEST_CASE_FIXTURE(CodecFixture, "scalars are what libprotobuf makes of them") {
  check(*this, {"everything.Scalars",
                R"({ a_double = 1.5, a_float = -0.25, an_int32 = -7, an_int64 = -8, a_uint32 = 9,
                     a_uint64 = 10, a_sint32 = -11, a_sint64 = -12, a_fixed32 = 13, a_fixed64 = 14,
                     a_sfixed32 = -15, a_sfixed64 = -16, a_bool = true, a_string = "text",
                     a_bytes = "by\tes", a_colour = "BLUE" })",
                R"(a_double: 1.5 a_float: -0.25 an_int32: -7 an_int64: -8 a_uint32: 9 a_uint64: 10
                   a_sint32: -11 a_sint64: -12 a_fixed32: 13 a_fixed64: 14 a_sfixed32: -15
                   a_sfixed64: -16 a_bool: true a_string: "text" a_bytes: "by\tes" a_colour: BLUE)",
                R"({"a_bool":true,"a_bytes":"by\tes","a_colour":"BLUE","a_double":1.5,)"
                R"("a_fixed32":13,"a_fixed64":14,"a_float":-0.25,"a_sfixed32":-15,)"
                R"("a_sfixed64":-16,"a_sint32":-11,"a_sint64":-12,"a_string":"text",)"
                R"("a_uint32":9,"a_uint64":10,"an_int32":-7,"an_int64":-8})"});
}

TEST_CASE_FIXTURE(CodecFixture, "the least values are what libprotobuf makes of them") {
  check(*this, {"everything.Scalars",
                R"({ an_int32 = -2147483648, an_int64 = -9223372036854775807LL - 1,
                     a_sint32 = -2147483648, a_sint64 = "-9223372036854775808",
                     a_sfixed32 = -2147483648, a_sfixed64 = -2^63, a_colour = -1 })",
                R"(an_int32: -2147483648 an_int64: -9223372036854775808 a_sint32: -2147483648
                   a_sint64: -9223372036854775808 a_sfixed32: -2147483648
                   a_sfixed64: -9223372036854775808 a_colour: NEGATIVE)",
                R"({"a_bool":false,"a_bytes":"","a_colour":"NEGATIVE","a_double":0,)"
                R"("a_fixed32":0,"a_fixed64":0,"a_float":0,"a_sfixed32":-2147483648,)"
                R"("a_sfixed64":-9223372036854775808,"a_sint32":-2147483648,)"
                R"("a_sint64":-9223372036854775808,"a_string":"","a_uint32":0,"a_uint64":0,)"
                R"("an_int32":-2147483648,"an_int64":-9223372036854775808})"});
}

TEST_CASE_FIXTURE(CodecFixture, "the greatest values are what libprotobuf makes of them") {
  check(*this, {"everything.Scalars",
                R"({ an_int32 = 2147483647, an_int64 = 9223372036854775807LL,
                     a_uint32 = 4294967295, a_uint64 = 18446744073709551615ULL,
                     a_sint32 = "2147483647", a_sint64 = "9223372036854775807",
                     a_fixed32 = 4294967295, a_fixed64 = "18446744073709551615",
                     a_sfixed32 = 2147483647, a_sfixed64 = 9223372036854775807ULL,
                     a_double = 1.7976931348623157e308, a_float = 3.4028234663852886e38 })",
                R"(an_int32: 2147483647 an_int64: 9223372036854775807
                   a_uint32: 4294967295 a_uint64: 18446744073709551615
                   a_sint32: 2147483647 a_sint64: 9223372036854775807
                   a_fixed32: 4294967295 a_fixed64: 18446744073709551615
                   a_sfixed32: 2147483647 a_sfixed64: 9223372036854775807
                   a_double: 1.7976931348623157e308 a_float: 3.4028234663852886e38)",
                R"({"a_bool":false,"a_bytes":"","a_colour":"COLOUR_UNSPECIFIED",)"
                R"("a_double":1.7976931348623157e+308,"a_fixed32":4294967295,)"
                R"("a_fixed64":18446744073709551615,"a_float":3.4028234663852886e+38,)"
                R"("a_sfixed32":2147483647,"a_sfixed64":9223372036854775807,)"
                R"("a_sint32":2147483647,"a_sint64":9223372036854775807,"a_string":"",)"
                R"("a_uint32":4294967295,"a_uint64":18446744073709551615,)"
                R"("an_int32":2147483647,"an_int64":9223372036854775807})"});
}

TEST_CASE_FIXTURE(CodecFixture, "what has its default takes no bytes") {
  check(*this, {"everything.Scalars", "{}", "", kNoScalars});
  CHECK(encoded("everything.Scalars",
                R"({ a_double = 0, an_int32 = 0, a_uint64 = "0", a_bool = false, a_string = "",
                     a_bytes = "", a_colour = "COLOUR_UNSPECIFIED", a_sint32 = json.null })")
            .empty());
  CHECK(encoded("everything.Scalars", "{ a_double = -0.0 }") ==
        "\x09\x00\x00\x00\x00\x00\x00\x00\x80"s);
}

TEST_CASE_FIXTURE(CodecFixture, "an optional field is nil where it is absent") {
  check(*this, {"everything.Optionals", "{}", "", "{}"});
  check(*this, {"everything.Optionals",
                R"({ number = 0, text = "", flag = false, colour = 0, data = "", nested = {} })",
                R"(number: 0 text: "" flag: false colour: COLOUR_UNSPECIFIED data: "" nested {})",
                R"({"colour":"COLOUR_UNSPECIFIED","data":"","flag":false,"nested":{},)"
                R"("number":0,"text":""})"});
}

TEST_CASE_FIXTURE(CodecFixture, "lists are packed where the schema says so") {
  check(*this,
        {"everything.Lists",
         R"({ doubles = { 1, 2.5 }, floats = { 0.5 }, int32s = { -1, 300 }, bools = { true, false },
                     int64s = { 1, 9007199254740993LL }, uint32s = { 1, 2 }, uint64s = { 3 },
                     sint32s = { -1, 1 }, sint64s = { -2 }, fixed32s = { 1, 2 }, fixed64s = { 3 },
                     sfixed32s = { -1 }, sfixed64s = { -2 }, strings = { "a", "" },
                     data = { "x", "\1\2" }, colours = { "RED", 2, "CRIMSON", 77 },
                     unpacked = { 1, 2 } })",
         R"(doubles: [1, 2.5] floats: 0.5 int32s: [-1, 300] bools: [true, false]
                   int64s: [1, 9007199254740993] uint32s: [1, 2] uint64s: 3 sint32s: [-1, 1]
                   sint64s: -2 fixed32s: [1, 2] fixed64s: 3 sfixed32s: -1 sfixed64s: -2
                   strings: ["a", ""] data: ["x", "\001\002"] colours: [RED, BLUE, RED, 77]
                   unpacked: [1, 2])",
         R"({"bools":[true,false],"colours":["RED","BLUE","RED",77],)"
         R"("data":["x","\u0001\u0002"],"doubles":[1,2.5],"fixed32s":[1,2],)"
         R"("fixed64s":[3],"floats":[0.5],"int32s":[-1,300],)"
         R"("int64s":[1,9007199254740993],"messages":[],"sfixed32s":[-1],)"
         R"("sfixed64s":[-2],"sint32s":[-1,1],"sint64s":[-2],"strings":["a",""],)"
         R"("uint32s":[1,2],"uint64s":[3],"unpacked":[1,2]})"});
}

TEST_CASE_FIXTURE(CodecFixture,
                  "absent lists and maps are empty tables, and lists are marked as such") {
  CHECK(decoded("everything.Maps", "") ==
        R"({"by_bool":{},"by_fixed64":{},"by_int32":{},"by_int64":{},"by_sint32":{},)"
        R"("by_string":{},"by_uint64":{},"colours":{},"data":{},"messages":{}})");
  CHECK(decoded("everything.Node", "") == R"({"children":[],"name":""})");
  CHECK(encoded("everything.Node", "{ children = {} }").empty());
  CHECK(encoded("everything.Node", "{ children = json.array() }").empty());
  CHECK(encoded("everything.Maps", "{ by_string = {} }").empty());
}

TEST_CASE_FIXTURE(CodecFixture, "maps are tables, and are written in the order of their keys") {
  check(
      *this,
      {"everything.Maps",
       R"({ by_string = { b = 2, a = 1, [""] = 0 }, by_int32 = { [10] = "x", [-1] = "y", [9] = "z" },
              by_int64 = { ["9007199254740993"] = "wide", [1] = "one" },
              by_uint64 = { ["18446744073709551615"] = "most" }, by_sint32 = { [-5] = "", [5] = "" },
              by_fixed64 = { [7] = "seven" }, by_bool = { [true] = "yes", ["false"] = "no" },
              colours = { sky = "BLUE" }, data = { raw = "\0" } })",
       R"(by_string { key: "" value: 0 } by_string { key: "a" value: 1 }
            by_string { key: "b" value: 2 }
            by_int32 { key: -1 value: "y" } by_int32 { key: 9 value: "z" }
            by_int32 { key: 10 value: "x" }
            by_int64 { key: 1 value: "one" } by_int64 { key: 9007199254740993 value: "wide" }
            by_uint64 { key: 18446744073709551615 value: "most" }
            by_sint32 { key: -5 value: "" } by_sint32 { key: 5 value: "" }
            by_fixed64 { key: 7 value: "seven" }
            by_bool { key: false value: "no" } by_bool { key: true value: "yes" }
            colours { key: "sky" value: BLUE } data { key: "raw" value: "\000" })",
       nullptr});
}

TEST_CASE_FIXTURE(CodecFixture, "the keys of maps come back as what they are") {
  const auto kept = [&](const char* text, const char* condition) {
    return holds("everything.Maps", reference("everything.Maps", text), condition);
  };
  CHECK(kept(R"(by_string { key: "a" value: 1 })", "v.by_string.a == 1"));
  CHECK(kept(R"(by_int32 { key: -1 value: "y" })", "v.by_int32[-1] == 'y'"));
  CHECK(kept(R"(by_int64 { key: 9007199254740993 value: "w" })",
             "v.by_int64['9007199254740993'] == 'w'"));
  CHECK(kept(R"(by_sint32 { key: -5 value: "m" })", "v.by_sint32[-5] == 'm'"));
  CHECK(kept(R"(by_bool { key: true value: "yes" })", "v.by_bool[true] == 'yes'"));
  CHECK(kept(R"(messages { key: "m" })", "v.messages.m.an_int32 == 0"));
}

TEST_CASE_FIXTURE(CodecFixture, "a map's entry without key or value has their defaults") {
  CHECK(holds("everything.Maps", "\x0a\x00"s, "v.by_string[''] == 0"));
  CHECK(holds("everything.Maps", "\x42\x00"s, "v.messages[''].a_string == ''"));
  CHECK(holds("everything.Maps", "\x4a\x00"s, "v.colours[''] == 'COLOUR_UNSPECIFIED'"));
}

TEST_CASE_FIXTURE(CodecFixture, "of a oneof one field is there") {
  check(*this, {"everything.Choice", "{}", "", R"({"before":""})"});
  check(*this, {"everything.Choice", "{ number = 0 }", "number: 0", R"({"before":"","number":0})"});
  check(*this, {"everything.Choice", "{ text = '', before = 'b' }", "before: 'b' text: ''",
                R"({"before":"b","text":""})"});
  check(*this, {"everything.Choice", "{ nothing = json.null }", "nothing: NULL_VALUE",
                R"({"before":"","nothing":null})"});
  CHECK(encoded("everything.Choice", "{ number = json.null, text = 'a' }") ==
        reference("everything.Choice", "text: 'a'"));
}

TEST_CASE_FIXTURE(CodecFixture, "names in JSON are as good as those in the .proto") {
  check(*this,
        {"everything.Named", "{ snakeCase = 'a', otherName = 'b', with1digit = 'c', far = 1 }",
         "snake_case: 'a' renamed: 'b' with1digit: 'c' far: 1",
         R"({"far":1,"renamed":"b","snake_case":"a","with1digit":"c"})"});
}

TEST_CASE_FIXTURE(CodecFixture, "floats that are no numbers are written by their words, too") {
  for (const char* lua : {"{ a_double = 0/0 }", "{ a_double = 'NaN' }"}) {
    CHECK(read_by_reference("everything.Scalars", encoded("everything.Scalars", lua)) ==
          "a_double: nan");
  }
  for (const char* lua : {"{ a_float = 1/0 }", "{ a_float = 'Infinity' }"}) {
    CHECK(encoded("everything.Scalars", lua) == reference("everything.Scalars", "a_float: inf"));
  }
  for (const char* lua : {"{ a_double = -1/0 }", "{ a_double = '-Infinity' }"}) {
    CHECK(encoded("everything.Scalars", lua) == reference("everything.Scalars", "a_double: -inf"));
  }
  CHECK(holds("everything.Scalars", reference("everything.Scalars", "a_double: nan"),
              "v.a_double ~= v.a_double"));
}

TEST_CASE_FIXTURE(CodecFixture, "numbers may be decimal text") {
  CHECK(encoded("everything.Scalars", "{ an_int32 = '-5', a_double = '1e3', a_uint32 = '1e3' }") ==
        reference("everything.Scalars", "an_int32: -5 a_double: 1000 a_uint32: 1000"));
}

TEST_CASE_FIXTURE(CodecFixture, "integers of 64 bits come back without loss") {
  const auto kept = [&](const char* text, const char* condition) {
    return holds("everything.Scalars", reference("everything.Scalars", text), condition);
  };
  CHECK(kept("an_int64: 9007199254740992", "v.an_int64 == 2^53 and type(v.an_int64) == 'number'"));
  CHECK(kept("an_int64: 9007199254740993", "v.an_int64 == 9007199254740993LL"));
  CHECK(kept("an_int64: -9007199254740993", "tostring(v.an_int64) == '-9007199254740993LL'"));
  CHECK(
      kept("a_uint64: 18446744073709551615", "tostring(v.a_uint64) == '18446744073709551615ULL'"));
}

TEST_CASE_FIXTURE(CodecFixture, "messages hold messages of their own type") {
  check(*this,
        {"everything.Node",
         "{ name = 'a', children = { { name = 'b', children = { { name = 'c' } } } }, next = {} }",
         "name: 'a' children { name: 'b' children { name: 'c' } } next {}",
         R"({"children":[{"children":[{"children":[],"name":"c"}],"name":"b"}],)"
         R"("name":"a","next":{"children":[],"name":""}})"});
}

TEST_CASE_FIXTURE(CodecFixture, "what only proto2 has is written and read, too") {
  check(*this,
        {"legacy.Old",
         R"({ id = 0, text = "", closed = "TWO", numbers = { 1, 2 }, packed_numbers = { 3, 4 },
                     details = { size = 5, names = { "n" } }, row = { { cell = 6 }, { cell = 7 } },
                     all_closed = { "ONE", 2 }, nested = { id = 8 }, by_name = { k = 9 },
                     ["[legacy.note]"] = "extra", ["[legacy.marks]"] = { 10, 11 } })",
         R"(id: 0 text: "" closed: TWO numbers: [1, 2] packed_numbers: [3, 4]
                   Details { size: 5 names: "n" } Row { cell: 6 } Row { cell: 7 }
                   all_closed: [ONE, TWO] nested { id: 8 } by_name { key: "k" value: 9 }
                   [legacy.note]: "extra" [legacy.marks]: [10, 11])",
         R"({"[legacy.marks]":[10,11],"[legacy.note]":"extra","all_closed":["ONE","TWO"],)"
         R"("by_name":{"k":9},"closed":"TWO","details":{"names":["n"],"size":5},"id":0,)"
         R"("nested":{"[legacy.marks]":[],"all_closed":[],"by_name":{},"id":8,"numbers":[],)"
         R"("packed_numbers":[],"row":[]},"numbers":[1,2],"packed_numbers":[3,4],)"
         R"("row":[{"cell":6},{"cell":7}],"text":""})"});
}

}  // namespace
}  // namespace perigee
