#include "engine/protobuf/message_json.h"

#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "engine/protobuf/schema.h"

namespace perigee::protobuf {
namespace {

constexpr const char* kText = R"pb(syntax = "proto3"
                                   ;
package p;
import "google/protobuf/any.proto";
import "google/protobuf/field_mask.proto";
import "google/protobuf/struct.proto";
import "google/protobuf/timestamp.proto";
import "google/protobuf/duration.proto";
import "google/protobuf/wrappers.proto";
enum Colour { NONE = 0; RED = 1; }
message All {
  string some_text = 1;
  bytes raw = 2;
  int64 big = 3;
  uint64 huge = 4;
  double real = 5;
  Colour colour = 6;
  repeated All kids = 7;
  map<string, int32> counts = 8;
  google.protobuf.Any any = 9;
  google.protobuf.Timestamp time = 10;
  google.protobuf.Duration length = 11;
  google.protobuf.Struct struct = 12;
  google.protobuf.Int64Value wrapped = 13;
  google.protobuf.FieldMask mask = 14;
  oneof one { string left = 15; int32 right = 16; }
  google.protobuf.Value value = 17;
  int32 small = 18;
}
)pb";

struct Types {
  std::shared_ptr<const Schema> schema = Schema::from_proto_files(
      {.import_paths = {}, .files = {"a.proto"}, .embedded = {{"a.proto", kText}}});
  const MessageType& all = schema->message("p.All");

  std::string bytes(std::string_view json) const { return schema->from_json(all, json); }
  std::string json(std::string_view bytes, const JsonStyle& style = {}) const {
    return schema->to_json(all, bytes, style);
  }
  // Read and written again.
  std::string again(std::string_view text) const { return json(bytes(text)); }
  std::string fault(std::string_view text) const {
    try {
      bytes(text);
    } catch (const JsonError& error) {
      return error.what();
    }
    return "";
  }
};

}  // namespace

TEST_CASE("bytes are base64 in JSON, read in either alphabet and without padding, too") {
  const Types types;
  CHECK(types.again(R"({"raw": "AP+/"})") == R"({"raw":"AP+/"})");
  CHECK(types.again(R"({"raw": "AP-_"})") == R"({"raw":"AP+/"})");
  CHECK(types.again(R"({"raw": "AP8"})") == R"({"raw":"AP8="})");
  CHECK(types.bytes(R"({"raw": "AP8="})") == std::string("\x12\x02\x00\xff", 4));
}

TEST_CASE("integers of 64 bits are texts of JSON, and read as numbers, too") {
  const Types types;
  CHECK(types.again(R"({"big": -9223372036854775808, "huge": "18446744073709551615"})") ==
        R"({"big":"-9223372036854775808","huge":"18446744073709551615"})");
  CHECK(types.again(R"({"small": "7"})") == R"({"small":7})");
}

TEST_CASE("names are read in either spelling, and written in lower camel case") {
  const Types types;
  CHECK(types.again(R"({"some_text": "a"})") == R"({"someText":"a"})");
  CHECK(types.again(R"({"someText": "a"})") == R"({"someText":"a"})");
}

TEST_CASE("numbers that are none are texts, and enums are names") {
  const Types types;
  for (const char* text : {R"({"real":"NaN"})", R"({"real":"Infinity"})", R"({"real":"-Infinity"})",
                           R"({"colour":"RED"})", R"({"colour":7})"}) {
    CAPTURE(text);
    CHECK(types.again(text) == text);
  }
  CHECK(types.again(R"({"colour": 1})") == R"({"colour":"RED"})");
}

TEST_CASE("well-known types have a form of their own") {
  const Types types;
  for (const char* text :
       {R"({"time":"2026-11-30T07:36:24.500Z"})", R"({"length":"1.500s"})",
        R"({"struct":{"a":[1,null,"x",{}]}})", R"({"wrapped":"5"})", R"({"mask":"a.b,cD"})",
        R"({"value":null})", R"({"counts":{"a":1,"b":2}})",
        R"({"any":{"@type":"type.googleapis.com/p.All","someText":"a"}})",
        R"({"any":{"@type":"type.googleapis.com/google.protobuf.Duration","value":"3s"}})",
        R"({"any":{"@type":"example.com/types/p.All","small":1}})"}) {
    CAPTURE(text);
    CHECK(types.again(text) == text);
  }
}

TEST_CASE("an Any of a type that nobody knows has its bytes in base64") {
  const Types types;
  const std::string any("\x0a\x07x.y/q.Q\x12\x02\x08\x01", 13);
  const std::string bytes = "\x4a\x0d" + any;
  CHECK(types.json(bytes) == R"({"any":{"@type":"x.y/q.Q","value":"CAE="}})");
  // Within an Any whose type is known.
  const std::string url = "x.y/p.All";
  const std::string outer = std::string("\x0a\x09") + url + "\x12\x0f" + bytes;
  CHECK(types.json("\x4a\x1c" + outer) ==
        R"({"any":{"@type":"x.y/p.All","any":{"@type":"x.y/q.Q","value":"CAE="}}})");
}

TEST_CASE("fields are written once, in the order of their numbers, and defaults on demand") {
  const Types types;
  const std::string twice = types.bytes(R"({"small": 1})") + types.bytes(R"({"big": 2})") +
                            types.bytes(R"({"small": 3})");
  CHECK(types.json(twice) == R"({"big":"2","small":3})");
  CHECK(types.json("") == "{}");
  const std::string all = types.json("", {.defaults = true});
  CHECK(all.starts_with(R"({"someText":"","raw":"","big":"0","huge":"0",)"));
}

TEST_CASE("what is no message of its type is named by its path") {
  const Types types;
  CHECK(types.fault(R"({"some_txt": 1})") ==
        "there is no field \"some_txt\" in p.All (did you mean \"some_text\"?)");
  CHECK(types.fault(R"({"kids": [{}, {"kids": [{"smal": 1}]}]})") ==
        "kids[1].kids[0]: there is no field \"smal\" in p.All (did you mean \"small\"?)");
  CHECK(types.fault(R"({"kids": [{"big": "x"}]})") == "kids[0].big: expected int64, found \"x\"");
  CHECK(types.fault(R"({"raw": "?"})") ==
        "raw: expected bytes, found \"?\" (bytes are written in base64)");
  CHECK(types.fault(R"({"colour": "RAD"})") ==
        "colour: there is no value \"RAD\" in p.Colour (did you mean \"RED\"?)");
  CHECK(types.fault(R"({"small": 3000000000})") == "small: expected int32, found 3000000000");
  CHECK(types.fault(R"({"left": "a", "right": 1})") ==
        "oneof field 'one' is already set. Cannot set 'right'");
  CHECK(types.fault(R"({"any": {"@type": "a/q.Q"}})") ==
        "any: there is no message q.Q in the schema");
  CHECK(types.fault(R"({"time": "noon"})").find("2026-11-30T07:36:24Z") != std::string::npos);
  CHECK(types.fault("[1]") == "Root element must be a message.");
}

TEST_CASE("bytes that are no message of their type have no JSON") {
  const Types types;
  CHECK_THROWS_AS(types.json("\x0a\x05x"), JsonError);
}

}  // namespace perigee::protobuf
