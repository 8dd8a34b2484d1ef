// Values in Avro, held against libavro's own reader and writer.
#include <cctype>
#include <string>
#include <string_view>

#include <doctest/doctest.h>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "modules/avro/library.h"
#include "tests/support/script_fixture.h"

namespace perigee {
namespace {

// One iteration with `avro`, `json` and the functions below, which must end well.
void run(std::string_view body) {
  const std::string source = fmt::format(R"lua(
    local avro, json = require "perigee.avro", require "perigee.json"
    local function hex(bytes)
      return (bytes:gsub(".", function(c) return ("%02x"):format(c:byte()) end))
    end
    local function bytes_of(text)
      return (text:gsub("%x%x", function(c) return string.char(tonumber(c, 16)) end))
    end
    local function refused(words, f, ...)
      local ok, message = pcall(f, ...)
      assert(not ok and message:find(words, 1, true), tostring(message))
    end
    return {{ default = function() {} end }}
  )lua",
                                         body);
  ScriptFixture script(source);
  const IterationResult result = script.iterate();
  INFO(script.vu().error());
  CHECK(result == IterationResult::kCompleted);
}

// The bytes of a value, in hexadecimal digits.
std::string encoded(const std::string& schema, const std::string& value) {
  ScriptFixture script(fmt::format(R"lua(
    local schema = require("perigee.avro").parse([[{}]])
    return {{ default = function()
      print("hex:" .. schema:encode({}):gsub(".", function(c) return ("%02x"):format(c:byte()) end))
    end }}
  )lua",
                                   schema, value));
  const IterationResult result = script.iterate();
  INFO(script.vu().error());
  REQUIRE(result == IterationResult::kCompleted);
  const std::string& line = script.lines().at(0);
  return line.substr(line.find("hex:") + 4);
}

// What libavro makes of bytes that it reads and writes again.
std::string through_library(const std::string& schema_text, const std::string& bytes) {
  avro_schema_t parsed = nullptr;
  REQUIRE(avro_schema_from_json_length(schema_text.data(), schema_text.size(), &parsed) == 0);
  const avro::SchemaPtr schema(parsed);
  avro_value_iface_t* const kind = avro_generic_class_from_schema(schema.get());
  avro_value_t value;
  avro_generic_value_new(kind, &value);
  avro_reader_t reader = avro_reader_memory(bytes.data(), static_cast<int64_t>(bytes.size()));
  CHECK(avro_value_read(reader, &value) == 0);
  std::string written(bytes.size() + 64, '\0');
  avro_writer_t writer = avro_writer_memory(written.data(), static_cast<int64_t>(written.size()));
  CHECK(avro_value_write(writer, &value) == 0);
  written.resize(static_cast<size_t>(avro_writer_tell(writer)));
  avro_writer_free(writer);
  avro_reader_free(reader);
  avro_value_decref(&value);
  avro_value_iface_decref(kind);
  return written;
}

// libavro's generic values are not for types that hold themselves.
std::string without(std::string text, std::string_view part) {
  const size_t at = text.find(part);
  REQUIRE(at != std::string::npos);
  return text.erase(at, part.size());
}

std::string from_hex(std::string_view text) {
  std::string bytes;
  for (size_t i = 0; i + 1 < text.size() && std::isxdigit(static_cast<unsigned char>(text[i])) != 0;
       i += 2)
    bytes += static_cast<char>(std::stoi(std::string(text.substr(i, 2)), nullptr, 16));
  return bytes;
}

constexpr const char* kOrder = R"json({"type":"record","name":"Order","namespace":"shop","fields":[
  {"name":"id","type":"long"},
  {"name":"count","type":"int"},
  {"name":"price","type":"double"},
  {"name":"weight","type":"float"},
  {"name":"paid","type":"boolean"},
  {"name":"state","type":{"type":"enum","name":"State","symbols":["NEW","SENT"]}},
  {"name":"hash","type":{"type":"fixed","name":"Hash","size":3}},
  {"name":"raw","type":"bytes"},
  {"name":"note","type":["null","string"]},
  {"name":"tags","type":{"type":"map","values":"string"}},
  {"name":"items","type":{"type":"array","items":{"type":"record","name":"Item","fields":[
    {"name":"sku","type":"string"},{"name":"next","type":["null","Item"]}]}}},
  {"name":"last","type":"State"}]})json";

constexpr const char* kOrderValue = R"lua({
  id = -9007199254740993LL, count = 3, price = 1.5, weight = 0.25, paid = true, state = "SENT",
  hash = "abc", raw = "\0\255", note = "hello", tags = { b = "2", a = "1" },
  items = { { sku = "x" }, { sku = "y", next = { sku = "z" } } }, last = "NEW" })lua";

}  // namespace

TEST_CASE("values have the bytes that Avro's specification shows") {
  run(R"lua(
    local record = avro.parse('{"type":"record","name":"test","fields":[{"name":"a","type":"long"},{"name":"b","type":"string"}]}')
    assert(hex(record:encode({ a = 27, b = "foo" })) == "3606666f6f")
    assert(hex(avro.parse('{"type":"array","items":"long"}'):encode({ 3, 27 })) == "04063600")
    local union = avro.parse('["null","string"]')
    assert(hex(union:encode(nil)) == "00" and hex(union:encode("a")) == "020261")
    for value, bytes in pairs({ [0] = "00", [-1] = "01", [1] = "02", [-64] = "7f", [64] = "8001" }) do
      assert(hex(avro.parse('"int"'):encode(value)) == bytes)
    end
  )lua");
}

TEST_CASE("a value of every type is understood by libavro, and comes back") {
  const std::string schema = fmt::format("avro.parse([[{}]])", kOrder);
  const std::string flat = without(kOrder, R"(,{"name":"next","type":["null","Item"]})");
  const std::string bytes =
      from_hex(encoded(flat, without(kOrderValue, ", next = { sku = \"z\" }")));
  CHECK(bytes.size() > 40);
  CHECK(through_library(flat, bytes) == bytes);
  run(fmt::format(R"lua(
    local schema, value = {}, {}
    local back = schema:decode(schema:encode(value))
    assert(back.id == value.id and back.count == 3 and back.price == 1.5 and back.weight == 0.25)
    assert(back.paid == true and back.state == "SENT" and back.hash == "abc" and back.raw == "\0\255")
    assert(back.note == "hello" and back.tags.a == "1" and back.tags.b == "2" and back.last == "NEW")
    assert(#back.items == 2 and back.items[1].next == nil and back.items[2].next.sku == "z")
    value.note = nil
    assert(schema:decode(schema:encode(value)).note == nil)
  )lua",
                  schema, kOrderValue));
}

TEST_CASE("a field that is missing has its default") {
  run(R"lua(
    local schema = avro.parse([[{"type":"record","name":"R","fields":[
      {"name":"a","type":"int","default":7}, {"name":"b","type":["null","string"],"default":null},
      {"name":"c","type":{"type":"array","items":"string"},"default":["x"]},
      {"name":"d","type":"bytes","default":"\u00ff"},
      {"name":"e","type":{"type":"enum","name":"E","symbols":["P","Q"]},"default":"Q"},
      {"name":"f","type":{"type":"record","name":"S","fields":[{"name":"g","type":"double","default":0.5}]},"default":{}}]}]])
    local value = schema:decode(schema:encode({}))
    assert(value.a == 7 and value.b == nil and value.c[1] == "x" and value.d == "\255")
    assert(value.e == "Q" and value.f.g == 0.5)
    assert(schema:decode(schema:encode({ b = "set" })).b == "set")
  )lua");
}

TEST_CASE("of a union it is the first branch that takes the value, or the one that is named") {
  run(R"lua(
    local schema = avro.parse([=[["null","int","long","double","boolean",
      {"type":"enum","name":"E","symbols":["P"]},"string",{"type":"array","items":"int"},
      {"type":"record","name":"n.A","fields":[{"name":"x","type":"int"}]},
      {"type":"record","name":"n.B","fields":[{"name":"x","type":"int"},{"name":"y","type":"int","default":1}]},
      {"type":"map","values":"int"}]]=])
    local function branch(value) return schema:encode(value):byte() / 2 end
    assert(branch(nil) == 0 and branch(json.null) == 0 and branch(5) == 1 and branch(2 ^ 40) == 2)
    assert(branch(1.5) == 3 and branch(true) == 4 and branch("P") == 5 and branch("other") == 6)
    assert(branch({ 1 }) == 7 and branch(json.array({})) == 7 and branch({ x = 1 }) == 8)
    assert(branch({ x = 1, y = 2 }) == 9 and branch({ z = 3 }) == 10)
    assert(branch({ ["n.B"] = { x = 1 } }) == 9 and branch({ double = 5 }) == 3)
    assert(schema:decode(schema:encode({ ["n.B"] = { x = 1 } })).y == 1)
    refused("expected one of null, int", schema.encode, schema, print)
  )lua");
}

TEST_CASE("what is wrong with a value is said with its path") {
  run(fmt::format(R"lua(
    local schema = avro.parse([[{}]])
    local function with(changes)
      local value = {}
      for name, change in pairs(changes) do
        if change == "none" then change = nil end
        value[name] = change
      end
      return function() schema:encode(value) end
    end
    refused("shop.Order: the field \"count\" of shop.Order is missing", with({{ count = "none" }}))
    refused("count: expected a whole number from -2147483648 to 2147483647, got the number 1.5", with({{ count = 1.5 }}))
    refused("count: expected", with({{ count = 2 ^ 31 }}))
    refused("paid: expected true or false, got", with({{ paid = 1 }}))
    refused("state: shop.State has no symbol \"SEND\" (did you mean \"SENT\"?)", with({{ state = "SEND" }}))
    refused("hash: expected 3 bytes, got 2", with({{ hash = "ab" }}))
    refused("items[2].sku: expected a string, got", with({{ items = {{ {{ sku = "a" }}, {{ sku = 1 }} }} }}))
    refused("items: expected a list, got a table with other keys", with({{ items = {{ sku = "a" }} }}))
    refused("tags[\"a\"]: expected a string, got a table", with({{ tags = {{ a = {{}} }} }}))
    refused("tags: the keys of a map must be strings", with({{ tags = {{ "a" }} }}))
    refused("shop.Order has no field \"cuont\" (did you mean \"count\"?)", with({{ cuont = 1 }}))
    refused("note: expected one of null, string, got", with({{ note = 5 }}))
    refused("expected a table of shop.Order, got", schema.encode, schema, "text")
    local loop = {{ sku = "a" }}
    loop.next = loop
    refused("more than 100 tables in each other", with({{ items = {{ loop }} }}))
  )lua",
                  kOrder, kOrderValue));
}

TEST_CASE("bytes that are none of a schema's values are refused with the path") {
  run(R"lua(
    local function decode(schema, text)
      return function() avro.parse(schema):decode(bytes_of(text)) end
    end
    refused("schema:decode: these bytes are no string: truncated", decode('"string"', "0661"))
    refused("a length of -1", decode('"string"', "01"))
    refused("1 bytes are left behind the value", decode('"int"', "0000"))
    refused("is no int", decode('"int"', "ffffffffff01"))
    refused("a boolean is one byte, 0 or 1", decode('"boolean"', "02"))
    refused("there is no branch 2, there are 2", decode('["null","int"]', "04"))
    refused("there is no symbol 1, there are 1", decode('{"type":"enum","name":"E","symbols":["A"]}', "02"))
    refused("[2]: truncated", decode('{"type":"array","items":"double"}', "040000000000000000"))
    refused("more than 1000000 items that take no bytes", decode('{"type":"array","items":"null"}', "feffffffffffffff7f"))
    refused("a block without a size", decode('{"type":"array","items":"int"}', "ffffffffffffffffff01"))
    local node = '{"type":"record","name":"N","fields":[{"name":"next","type":["null","N"]}]}'
    refused("more than 100 values in each other", decode(node, ("02"):rep(1000)))
    local blocks = avro.parse('{"type":"array","items":"int"}'):decode(bytes_of("03040204020800"))
    assert(#blocks == 3 and blocks[1] == 1 and blocks[2] == 2 and blocks[3] == 4)
    local list = avro.parse('{"type":"array","items":["null","int"]}'):decode(bytes_of("0400020a00"))
    assert(#list == 2 and list[1] == json.null and list[2] == 5)
    assert(json.encode(avro.parse('{"type":"array","items":"int"}'):decode(bytes_of("00"))) == "[]")
  )lua");
}

TEST_CASE("a text that is no schema is refused") {
  run(R"lua(
    for _, text in ipairs({ "", "{", '"strnig"', '{"type":"record","name":"R"}', '{"type":"fixed","name":"F"}' }) do
      refused("avro.parse: this is no schema", avro.parse, text)
    end
    refused("the default of the field \"a\" is not of its type", avro.parse,
      '{"type":"record","name":"R","fields":[{"name":"a","type":"int","default":"x"}]}')
  )lua");
}

}  // namespace perigee
