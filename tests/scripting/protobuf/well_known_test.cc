#include <string>

#include <doctest/doctest.h>

#include "tests/scripting/protobuf/codec_fixture.h"

namespace perigee {
namespace {

constexpr const char* kType = "everything.WellKnown";

class WellKnownFixture : public CodecFixture {
 public:
  void check(const char* lua, const char* text, const std::string& json) {
    CAPTURE(lua);
    const std::string bytes = reference(kType, text);
    CHECK(encoded(kType, lua) == bytes);
    CHECK(decoded(kType, bytes) == json);
  }
};

TEST_CASE_FIXTURE(WellKnownFixture, "a timestamp is a text, and may be a table") {
  const std::string json =
      R"({"null_value":null,"timestamp":"2026-11-30T07:36:24.500Z","timestamps":[],"value_map":{},)"
      R"("values":[]})";
  check("{ timestamp = '2026-11-30T07:36:24.5Z' }",
        "timestamp { seconds: 1796024184 nanos: 500000000 }", json);
  check("{ timestamp = { seconds = 1796024184, nanos = 500000000 } }",
        "timestamp { seconds: 1796024184 nanos: 500000000 }", json);
  CHECK(encoded(kType, "{ timestamp = '2026-11-30' }") ==
        "timestamp: expected a time like \"2026-11-30T07:36:24Z\", or a table of seconds and "
        "nanos, found the string \"2026-11-30\"");
  CHECK(encoded(kType, "{ timestamps = { 5 } }").starts_with("timestamps[1]: expected a time"));
  CHECK(holds(kType, reference(kType, "timestamp { nanos: -1 }"), "v.timestamp.nanos == -1"));
}

TEST_CASE_FIXTURE(WellKnownFixture, "a duration is a text in seconds, and may be a table") {
  const std::string json =
      R"({"duration":"-1.500s","null_value":null,"timestamps":[],"value_map":{},"values":[]})";
  check("{ duration = '-1.5s' }", "duration { seconds: -1 nanos: -500000000 }", json);
  check("{ duration = { seconds = -1, nanos = -500000000 } }",
        "duration { seconds: -1 nanos: -500000000 }", json);
  CHECK(encoded(kType, "{ duration = '500ms' }") ==
        "duration: expected a duration in seconds like \"1.5s\", or a table of seconds and nanos, "
        "found the string \"500ms\"");
}

TEST_CASE_FIXTURE(WellKnownFixture, "a field mask is a text of paths, and may be a table") {
  const std::string json =
      R"({"mask":"user.displayName,id","null_value":null,"timestamps":[],"value_map":{},)"
      R"("values":[]})";
  check("{ mask = 'user.displayName,id' }", "mask { paths: ['user.display_name', 'id'] }", json);
  check("{ mask = { paths = { 'user.display_name', 'id' } } }",
        "mask { paths: ['user.display_name', 'id'] }", json);
  CHECK(encoded(kType, "{ mask = 5 }") ==
        "mask: expected a string of paths like \"user.name,id\", found the number 5");
}

TEST_CASE_FIXTURE(WellKnownFixture, "wrappers are their values, and nil where they are absent") {
  check(
      "{ double_value = 1.5, float_value = 0, int64_value = '9007199254740993', uint64_value = 1,"
      "  int32_value = { value = -1 }, uint32_value = 2, bool_value = false, string_value = 'a',"
      "  bytes_value = 'b' }",
      "double_value { value: 1.5 } float_value {} int64_value { value: 9007199254740993 }"
      "uint64_value { value: 1 } int32_value { value: -1 } uint32_value { value: 2 }"
      "bool_value {} string_value { value: 'a' } bytes_value { value: 'b' }",
      R"({"bool_value":false,"bytes_value":"b","double_value":1.5,"float_value":0,)"
      R"("int32_value":-1,"int64_value":9007199254740993,"null_value":null,)"
      R"("string_value":"a","timestamps":[],"uint32_value":2,"uint64_value":1,"value_map":{},)"
      R"("values":[]})");
  CHECK(encoded(kType, "{ int32_value = 'x' }") ==
        "int32_value: expected a whole number from -2147483648 to 2147483647, found the string "
        "\"x\"");
}

TEST_CASE_FIXTURE(WellKnownFixture, "structs, values and lists are Lua's own") {
  check("{ object = { a = 1, b = { true, 'x', json.null, {} }, c = { d = json.array() } } }",
        R"(object { fields { key: "a" value { number_value: 1 } }
                    fields { key: "b" value { list_value {
                      values { bool_value: true } values { string_value: "x" }
                      values { null_value: NULL_VALUE } values { struct_value {} } } } }
                    fields { key: "c" value { struct_value {
                      fields { key: "d" value { list_value {} } } } } } })",
        R"({"null_value":null,"object":{"a":1,"b":[true,"x",null,{}],"c":{"d":[]}},)"
        R"("timestamps":[],"value_map":{},"values":[]})");
  check("{ list = { 1, 'two' }, value = 'v' }",
        "value { string_value: 'v' } list { values { number_value: 1 } values { string_value: "
        "'two' } }",
        R"({"list":[1,"two"],"null_value":null,"timestamps":[],"value":"v","value_map":{},)"
        R"("values":[]})");
  check("{ values = { json.null, 1, false }, value_map = { n = json.null }, value = json.null }",
        "value { null_value: NULL_VALUE } values { null_value: NULL_VALUE }"
        "values { number_value: 1 } values { bool_value: false }"
        "value_map { key: 'n' value { null_value: NULL_VALUE } }",
        R"({"null_value":null,"timestamps":[],"value":null,"value_map":{"n":null},)"
        R"("values":[null,1,false]})");
  CHECK(encoded(kType, "{ object = { 1 } }") ==
        "object: expected strings as keys, found the number 1");
  CHECK(encoded(kType, "{ value = 0/0 }") ==
        "value: expected a finite number, found the number NaN");
  CHECK(encoded(kType, "{ value = { a = { print } } }") ==
        "value[\"a\"][1]: expected a value that JSON has, found a function");
}

TEST_CASE_FIXTURE(WellKnownFixture, "any message is its fields with a type") {
  const std::string json =
      R"({"any":{"@type":"type.googleapis.com/everything.Node","children":[],"name":"a"},)"
      R"("null_value":null,"timestamps":[],"value_map":{},"values":[]})";
  check("{ any = { ['@type'] = 'type.googleapis.com/everything.Node', name = 'a' } }",
        "any { [type.googleapis.com/everything.Node] { name: 'a' } }", json);
  check("{ any = { type_url = 'type.googleapis.com/everything.Node', value = '\\10\\1a' } }",
        "any { [type.googleapis.com/everything.Node] { name: 'a' } }", json);
  check("{ any = { ['@type'] = 'type.googleapis.com/google.protobuf.Duration', value = '1s' } }",
        "any { [type.googleapis.com/google.protobuf.Duration] { seconds: 1 } }",
        R"({"any":{"@type":"type.googleapis.com/google.protobuf.Duration","value":"1s"},)"
        R"("null_value":null,"timestamps":[],"value_map":{},"values":[]})");
  check("{ any = { type_url = 'x/unknown.Type', value = 'v' } }",
        "any { type_url: 'x/unknown.Type' value: 'v' }",
        R"({"any":{"type_url":"x/unknown.Type","value":"v"},"null_value":null,"timestamps":[],)"
        R"("value_map":{},"values":[]})");
  CHECK(encoded(kType, "{ any = { ['@type'] = 'x/unknown.Type' } }") ==
        "any: there is no message unknown.Type in the schema");
  CHECK(encoded(kType, "{ any = { ['@type'] = 'x/everything.Node', nme = 'a' } }") ==
        "any: there is no field \"nme\" in everything.Node (did you mean \"name\"?)");
  CHECK(encoded(kType, "{ any = 'x' }") ==
        "any: expected a table with \"@type\", found the string \"x\"");
}

TEST_CASE_FIXTURE(WellKnownFixture, "an empty message is an empty table") {
  check("{ empty = {} }", "empty {}",
        R"({"empty":{},"null_value":null,"timestamps":[],"value_map":{},"values":[]})");
}

TEST_CASE_FIXTURE(WellKnownFixture, "a well-known type alone is a message, too") {
  CHECK(encoded("google.protobuf.Duration", "'3s'") ==
        reference("google.protobuf.Duration", "seconds: 3"));
  CHECK(decoded("google.protobuf.Duration", reference("google.protobuf.Duration", "seconds: 3")) ==
        "\"3s\"");
  CHECK(decoded("google.protobuf.Value", "") == "null");
}

TEST_CASE_FIXTURE(WellKnownFixture, "values are nested as deeply as messages, both ways") {
  const auto nested = [](int depth) {
    return "(function() local t = {} for i = 1, " + std::to_string(depth) +
           " do t = { i, a = nil, t } end return { value = t } end)()";
  };
  const std::string bytes = encoded(kType, nested(30));
  CHECK(read_by_reference(kType, bytes) != "not such a message");
  CHECK(holds(kType, bytes, "v.value[2][2][2][1] == 27"));
  CHECK(encoded(kType, nested(60))
            .ends_with("messages are nested too deeply, or a table contains itself"));
}

}  // namespace
}  // namespace perigee
