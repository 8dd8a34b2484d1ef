// perigee.protobuf as scripts use it.
#include <fstream>
#include <string>

#include <doctest/doctest.h>

#include "engine/base/config_error.h"
#include "engine/protobuf/schema.h"
#include "tests/engine/output/scratch_folder.h"
#include "tests/support/script_fixture.h"

namespace perigee {
namespace {

constexpr const char* kGreeter = R"pb(syntax = "proto3"
                                      ;
package greet;
import "names.proto";
message Hello {
  Name name = 1;
  repeated int64 ids = 2;
}
)pb";

constexpr const char* kNames = R"pb(syntax = "proto3"
                                    ;
package greet;
message Name { string text = 1; }
)pb";

struct ProtobufFixture {
  ProtobufFixture() {
    write("protos/greeter.proto", kGreeter);
    write("protos/names.proto", kNames);
  }

  void write(const std::string& name, const std::string& text) {
    const std::filesystem::path path = folder / name;
    std::filesystem::create_directories(path.parent_path());
    std::ofstream(path, std::ios::binary) << text;
  }

  // The value of an expression on `schema`, or its error.
  std::string value(const std::string& schema, const std::string& expression) {
    ScriptFixture fixture(script(schema, "error(tostring(" + expression + "), 0)"),
                          {.folder = folder / ""});
    fixture.iterate();
    return first_line(fixture.vu().error());
  }

  // The error of a script that does not load.
  std::string load_error(const std::string& schema) {
    try {
      const ScriptFixture fixture(script(schema, ""), {.folder = folder / ""});
    } catch (const ScriptError& error) {
      return first_line(error.what());
    }
    return "no error";
  }

  static std::string script(const std::string& schema, const std::string& body) {
    return "local protobuf = require 'perigee.protobuf'\nlocal json = require 'perigee.json'\n"
           "local schema = " +
           schema + "\nreturn { default = function() " + body + " end }";
  }

  static std::string first_line(const std::string& text) {
    return text.substr(0, text.find("\nst"));
  }

  ScratchFolder folder;
};

constexpr const char* kLoad = "protobuf.load({ 'protos' }, 'greeter.proto')";

TEST_CASE_FIXTURE(ProtobufFixture, "a message is encoded and decoded by its .proto") {
  CHECK(value(kLoad,
              "(schema:encode('greet.Hello', { name = { text = 'a' }, ids = { 1, 2 } })"
              ":gsub('.', function(c) return ('%02x '):format(c:byte()) end))") ==
        "0a 03 0a 01 61 12 02 01 02 ");
  CHECK(value(kLoad, R"(json.encode(schema:decode("greet.Hello", "\10\3\10\1a\18\2\1\2")))") ==
        R"({"ids":[1,2],"name":{"text":"a"}})");
}

TEST_CASE_FIXTURE(ProtobufFixture,
                  "import paths are a list, one, or none for the script's folder") {
  const std::string encoded = "#schema:encode('greet.Hello', { ids = { 1 } })";
  CHECK(value("protobuf.load('protos', 'greeter.proto')", encoded) == "3");
  CHECK(value("protobuf.load({}, 'protos/names.proto')", "#schema:encode('greet.Name', {})") ==
        "0");
  CHECK(value("protobuf.load(nil, 'protos/names.proto')", "#schema:encode('greet.Name', {})") ==
        "0");
  CHECK(value("protobuf.load({ 'protos' }, 'names.proto', 'greeter.proto')", encoded) == "3");
  CHECK(value("protobuf.load({ 'protos' }, 'protos/greeter.proto')", encoded) == "3");
}

TEST_CASE_FIXTURE(ProtobufFixture, "a protoset is loaded as protoc writes it") {
  // A FileDescriptorSet is a list of files in field 1.
  const auto schema = protobuf::Schema::from_proto_files(
      {.import_paths = {folder / "protos"}, .files = {"greeter.proto"}, .embedded = {}});
  std::string set;
  for (const std::string& file : schema->file_by_name("greeter.proto")) {
    REQUIRE(file.size() < 0x4000);
    set += '\x0a';
    set += static_cast<char>((file.size() & 0x7f) | 0x80);
    set += static_cast<char>(file.size() >> 7);
    set += file;
  }
  write("all.protoset", set);
  CHECK(value("protobuf.load_protoset('all.protoset')",
              "schema:decode('greet.Name', schema:encode('greet.Name', { text = 'x' })).text") ==
        "x");
}

TEST_CASE_FIXTURE(ProtobufFixture,
                  "what is wrong with a .proto ends the script with its position") {
  write("bad.proto", "syntax = \"proto3\";\nmessage A { B b = 1; }\n");
  CHECK(load_error("protobuf.load({}, 'bad.proto')") ==
        "script.lua:3: protobuf.load: bad.proto:2:13: \"B\" is not defined.");
  CHECK(load_error("protobuf.load({ 'protos' }, 'greter.proto')") ==
        "script.lua:3: protobuf.load: greter.proto: not found in " + (folder / "protos"));
  CHECK(load_error("protobuf.load_protoset('none.protoset')")
            .starts_with("script.lua:3: protobuf.load_protoset: none.protoset: no such file"));
  CHECK(
      load_error("protobuf.load_protoset('/dev/zero')")
          .starts_with("script.lua:3: protobuf.load_protoset: /dev/zero: it is a device; name a"));
  CHECK(load_error("protobuf.load_protoset('.')")
            .starts_with("script.lua:3: protobuf.load_protoset: .: it is a folder; name the file"));
  CHECK(load_error("protobuf.load_protoset('bad.proto')")
            .ends_with("bad.proto: not a FileDescriptorSet: write it by protoc --include_imports "
                       "--descriptor_set_out=FILE"));
}

TEST_CASE_FIXTURE(ProtobufFixture, "arguments of other types say what is wanted") {
  CHECK(load_error("protobuf.load('hello.proto')")
            .starts_with("script.lua:3: protobuf.load: file must be a string"));
  CHECK(load_error("protobuf.load({ 5 }, 'hello.proto')") ==
        "script.lua:3: protobuf.load: an import path must be a string, got the number 5");
  CHECK(load_error("protobuf.load(5, 'hello.proto')") ==
        "script.lua:3: protobuf.load: import_paths must be a folder, or a list of them, got the "
        "number "
        "5");
  CHECK(load_error("protobuf.load({}, 'protos/names.proto', {})") ==
        "script.lua:3: protobuf.load: a file must be a string, got a table");
}

TEST_CASE_FIXTURE(ProtobufFixture,
                  "errors of encoding and decoding name the function and the field") {
  CHECK(value(kLoad, "schema:encode('greet.Hello', { ids = { 1, 'x' } })") ==
        "script.lua:4: schema:encode: greet.Hello: ids[2]: expected a whole number from "
        "-9223372036854775808 to 9223372036854775807, found the string \"x\"");
  CHECK(value(kLoad, "schema:decode('greet.Hello', '\\10')") ==
        "script.lua:4: schema:decode: these bytes are no greet.Hello: name: truncated");
  CHECK(value(kLoad, "schema:encode('greet.Helo', {})") ==
        "script.lua:4: schema:encode: there is no message greet.Helo (did you mean "
        "\"greet.Hello\"?)");
}

TEST_CASE_FIXTURE(ProtobufFixture, "a method that a schema does not have is named") {
  CHECK(value(kLoad, "schema:encoed('greet.Hello', {})") ==
        "script.lua:4: a schema has no encoed; there are encode and decode");
}

TEST_CASE_FIXTURE(ProtobufFixture, "schemas are loaded at the top of the script, by all VUs") {
  CHECK(value("1", "protobuf.load({ 'protos' }, 'greeter.proto')") ==
        "script.lua:4: protobuf.load: call it in the script's main part, outside of functions");
  ScriptFixture fixture(script("__VU > 0 and protobuf.load({ 'protos' }, 'names.proto')", ""),
                        {.folder = folder / ""});
  CHECK_THROWS_WITH_AS(fixture.vu(), doctest::Contains("load every schema in every VU"),
                       ScriptError);
}

TEST_CASE_FIXTURE(ProtobufFixture, "a schema is read once for all VUs") {
  ScriptFixture fixture(script(kLoad, "error(#schema:encode('greet.Name', { text = 'a' }), 0)"),
                        {.folder = folder / ""});
  std::filesystem::remove_all(folder / "protos");
  for (uint64_t vu = 1; vu <= 3; ++vu) {
    fixture.iterate(vu);
    CHECK(first_line(fixture.vu(vu).error()) == "3");
  }
}

}  // namespace
}  // namespace perigee
