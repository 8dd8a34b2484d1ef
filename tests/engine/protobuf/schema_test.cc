#include "engine/protobuf/schema.h"

#include <string>
#include <utility>
#include <vector>

#include <doctest/doctest.h>
#include <google/protobuf/descriptor.pb.h>

namespace perigee::protobuf {
namespace {

namespace pb = google::protobuf;

constexpr const char* kGreeter = R"pb(syntax = "proto3"
                                      ;
package greet;
import "names.proto";
message Hello { Name name = 1; }
service Greeter {
  rpc Say(Hello) returns (Hello);
  rpc Chat(stream Hello) returns (stream Hello);
}
)pb";

constexpr const char* kNames = R"pb(syntax = "proto3"
                                    ;
package greet;
message Name { string text = 1; }
)pb";

std::shared_ptr<const Schema> load(std::vector<EmbeddedProto> files,
                                   std::vector<std::string> names) {
  return Schema::from_proto_files(
      {.import_paths = {}, .files = std::move(names), .embedded = std::move(files)});
}

std::shared_ptr<const Schema> greeter() {
  return load({{"greeter.proto", kGreeter}, {"names.proto", kNames}}, {"greeter.proto"});
}

// The mistakes in a file, among others.
std::string mistakes(const std::string& text, std::vector<EmbeddedProto> others = {}) {
  others.push_back({"a.proto", text});
  try {
    load(std::move(others), {"a.proto"});
  } catch (const SchemaError& error) {
    return error.what();
  }
  return "";
}

template <typename Find>
std::string error_of(Find find) {
  try {
    find(*greeter());
  } catch (const SchemaError& error) {
    return error.what();
  }
  return "";
}

TEST_CASE("a schema has the types and services of its files and of what they import") {
  const auto schema = greeter();
  CHECK(schema->message("greet.Hello").find("name")->message == &schema->message(".greet.Name"));
  REQUIRE(schema->services().size() == 1);
  CHECK(schema->services()[0]->full_name == "greet.Greeter");
}

TEST_CASE("a method is found by either spelling of its name") {
  const auto schema = greeter();
  const MethodType& say = schema->method("greet.Greeter/Say");
  CHECK(say.path == "/greet.Greeter/Say");
  CHECK(say.input == &schema->message("greet.Hello"));
  CHECK_FALSE(say.client_streaming);
  CHECK(&schema->method("/greet.Greeter/Say") == &say);
  CHECK(&schema->method("greet.Greeter.Say") == &say);
  CHECK(schema->method("greet.Greeter/Chat").client_streaming);
  CHECK(schema->method("greet.Greeter/Chat").server_streaming);
}

TEST_CASE("a name that does not exist is answered with the closest one") {
  CHECK(error_of([](const Schema& s) { s.message("greet.Helo"); }) ==
        "there is no message greet.Helo (did you mean \"greet.Hello\"?)");
  CHECK(error_of([](const Schema& s) { s.message("Hello"); }) ==
        "there is no message Hello (did you mean \"greet.Hello\"?)");
  CHECK(error_of([](const Schema& s) { s.message("other.Thing"); }) ==
        "there is no message other.Thing");
  CHECK(error_of([](const Schema& s) { s.method("Greeter/Say"); }) ==
        "there is no service Greeter (did you mean \"greet.Greeter\"?)");
  CHECK(error_of([](const Schema& s) { s.method("greet.Greeter/Sy"); }) ==
        "service greet.Greeter has no method Sy (did you mean \"Say\"?)");
  CHECK(error_of([](const Schema& s) { s.method("Say"); }) ==
        "\"Say\" names no method: write package.Service/Method");
}

TEST_CASE("the mistakes of a file are reported with their positions, all of them") {
  CHECK(mistakes("syntax = \"proto3\";\nmessage A {\n  Missing m = 1;\n  Other o = 2;\n}\n") ==
        "a.proto:3:3: \"Missing\" is not defined.\na.proto:4:3: \"Other\" is not defined.");
  CHECK(mistakes("syntax = \"proto3\";\nmessage A {\n  int32 = 1;\n}\nmesage B {}\n") ==
        "a.proto:3:9: Expected field name.\n"
        "a.proto:5:1: Expected top-level statement (e.g. \"message\").");
  CHECK(mistakes("syntax = \"proto4\";\n").starts_with("a.proto:1:10: Unrecognized syntax"));
  CHECK(mistakes("syntax = \"proto3\";\nmessage A { int32 a = 1; int32 b = 1; }\n") ==
        "a.proto:2:36: Field number 1 has already been used in \"A\" by field \"a\".");
}

TEST_CASE("an import that is not there is reported where it stands") {
  CHECK(mistakes("syntax = \"proto3\";\n\nimport \"b.proto\";\n") ==
        "a.proto:3:1: import \"b.proto\" was not found");
}

TEST_CASE("the mistakes of an import are reported in its file, and do not come twice") {
  CHECK(mistakes("syntax = \"proto3\";\nimport \"b.proto\";\nmessage A { B b = 1; }\n",
                 {{"b.proto", "syntax = \"proto3\";\nmessage B { C c = 1; }\n"}}) ==
        "b.proto:2:13: \"C\" is not defined.");
}

TEST_CASE("files that import each other in a circle are refused") {
  CHECK(mistakes("syntax = \"proto3\";\nimport \"b.proto\";\n",
                 {{"b.proto", "syntax = \"proto3\";\nimport \"a.proto\";\n"}}) ==
        "b.proto:2:1: import \"a.proto\" leads back to this file");
}

TEST_CASE("an edition is refused with what to write instead") {
  CHECK(mistakes("// A comment.\n\nedition = \"2023\";\nmessage A {}\n") ==
        "a.proto:3:1: edition = \"2023\" is not read here, but by protoc 27 and later: write "
        "syntax = \"proto3\" (or \"proto2\") instead, which both read");
  pb::FileDescriptorProto file;
  file.set_name("a.proto");
  file.set_syntax("editions");
  const std::vector<std::string> files{file.SerializeAsString()};
  CHECK_THROWS_WITH_AS(Schema::from_descriptors(files),
                       "a.proto: editions are not read here, but by protobuf 27 and later: write "
                       "syntax = \"proto3\" (or \"proto2\") instead",
                       SchemaError);
}

TEST_CASE("a file whose blocks lie too deep within each other is refused where they begin to") {
  std::string messages;
  for (int i = 0; i < 101; ++i)
    messages += "message A {\n";
  CHECK(mistakes("syntax = \"proto3\";\n" + messages + std::string(101, '}')) ==
        "a.proto:102:11: more than 100 blocks lie within each other here");
  messages.clear();
  for (int i = 0; i < 20'000; ++i)
    messages += "message A {\n";
  CHECK(mistakes("syntax = \"proto3\";\n" + messages) ==
        "a.proto:102:11: more than 100 blocks lie within each other here");
}

TEST_CASE("a file without a syntax is proto2") {
  const auto schema = load({{"a.proto", "message A { required int32 a = 1; }"}}, {"a.proto"});
  CHECK(schema->message("A").find("a")->required);
}

TEST_CASE("the well-known types are built in, and a file of one's own comes first") {
  const std::string text =
      "syntax = \"proto3\";\nimport \"google/protobuf/timestamp.proto\";\n"
      "message A { google.protobuf.Timestamp t = 1; }\n";
  const std::string own =
      "syntax = \"proto3\";\npackage google.protobuf;\nmessage Timestamp { int32 own = 1; }\n";
  const auto built_in = load({{"a.proto", text}}, {"a.proto"});
  CHECK(built_in->message("google.protobuf.Timestamp").find("nanos") != nullptr);
  const auto with_own =
      load({{"a.proto", text}, {"google/protobuf/timestamp.proto", own}}, {"a.proto"});
  CHECK(with_own->message("google.protobuf.Timestamp").find("own") != nullptr);
}

// The files that a schema gives for a symbol, by their names.
std::vector<std::string> names_of(const std::vector<std::string>& files) {
  std::vector<std::string> names;
  for (const std::string& bytes : files) {
    pb::FileDescriptorProto file;
    REQUIRE(file.ParseFromString(bytes));
    names.push_back(file.name());
  }
  return names;
}

TEST_CASE("the file of a symbol comes with all that it imports") {
  const auto schema = greeter();
  const std::vector<std::string> both{"greeter.proto", "names.proto"};
  CHECK(names_of(schema->file_containing_symbol("greet.Greeter")) == both);
  CHECK(names_of(schema->file_containing_symbol("greet.Greeter.Say")) == both);
  CHECK(names_of(schema->file_containing_symbol("greet.Name.text")) ==
        std::vector<std::string>{"names.proto"});
  CHECK(names_of(schema->file_by_name("names.proto")) == std::vector<std::string>{"names.proto"});
  CHECK(schema->file_containing_symbol("greet.Nobody").empty());
  CHECK(schema->file_by_name("nowhere.proto").empty());
}

TEST_CASE("extensions are found by what they extend and their number") {
  const auto schema = Schema::from_proto_files(
      {.import_paths = {"tests/support/protos"}, .files = {"legacy.proto"}, .embedded = {}});
  CHECK(schema->extension_numbers("legacy.Old") == std::vector<int32_t>{100, 101});
  CHECK(schema->extension_numbers("legacy.Old.Row") == std::vector<int32_t>{});
  CHECK_FALSE(schema->extension_numbers("legacy.Nobody"));
  CHECK(names_of(schema->file_containing_extension("legacy.Old", 101)) ==
        std::vector<std::string>{"legacy.proto"});
  CHECK(schema->file_containing_extension("legacy.Old", 102).empty());
  CHECK(schema->file_containing_extension("legacy.Nobody", 1).empty());
}

TEST_CASE("a schema is made of descriptors in any order") {
  std::vector<std::string> files = greeter()->file_containing_symbol("greet.Greeter");
  CHECK(Schema::from_descriptors(files)->method("greet.Greeter/Say").name == "Say");
  std::swap(files[0], files[1]);
  CHECK(Schema::from_descriptors(files)->method("greet.Greeter/Say").name == "Say");
  files.push_back(files[0]);
  CHECK(Schema::from_descriptors(files)->services().size() == 1);
}

TEST_CASE("descriptors whose imports are missing name them") {
  const std::vector<std::string> files = {
      greeter()->file_containing_symbol("greet.Greeter").front()};
  CHECK(missing_imports(files) == std::vector<std::string>{"names.proto"});
  CHECK_THROWS_WITH_AS(Schema::from_descriptors(files),
                       "greeter.proto: import \"names.proto\" was not found among the descriptors",
                       SchemaError);
  CHECK(missing_imports(greeter()->file_containing_symbol("greet.Greeter")).empty());
}

TEST_CASE("the well-known types need not be among descriptors") {
  pb::FileDescriptorProto file;
  file.set_name("a.proto");
  file.set_syntax("proto3");
  file.add_dependency("google/protobuf/any.proto");
  const std::vector<std::string> files{file.SerializeAsString()};
  CHECK(missing_imports(files).empty());
  CHECK(Schema::from_descriptors(files)->types().find_message("google.protobuf.Any") != nullptr);
}

TEST_CASE("a schema is made of a descriptor set") {
  pb::FileDescriptorSet set;
  for (const std::string& bytes : greeter()->file_containing_symbol("greet.Greeter"))
    REQUIRE(set.add_file()->ParseFromString(bytes));
  CHECK(Schema::from_descriptor_set(set.SerializeAsString())->method("greet.Greeter/Say").name ==
        "Say");
}

TEST_CASE("bytes that are no descriptors are refused") {
  CHECK_THROWS_WITH_AS(Schema::from_descriptor_set(""), "a FileDescriptorSet without any file",
                       SchemaError);
  CHECK_THROWS_WITH_AS(
      Schema::from_descriptor_set("syntax = \"proto3\";"),
      "not a FileDescriptorSet: write it by protoc --include_imports --descriptor_set_out=FILE",
      SchemaError);
  const std::vector<std::string> files{"\xff"};
  CHECK_THROWS_WITH_AS(Schema::from_descriptors(files), "not a FileDescriptorProto", SchemaError);
}

TEST_CASE("mistakes in descriptors name the file and the element") {
  pb::FileDescriptorProto file;
  file.set_name("a.proto");
  pb::DescriptorProto* const message = file.add_message_type();
  message->set_name("A");
  pb::FieldDescriptorProto* const field = message->add_field();
  field->set_name("b");
  field->set_number(1);
  field->set_label(pb::FieldDescriptorProto::LABEL_OPTIONAL);
  field->set_type_name(".B");
  const std::vector<std::string> files{file.SerializeAsString()};
  CHECK_THROWS_WITH_AS(Schema::from_descriptors(files), "a.proto: A.b: \".B\" is not defined.",
                       SchemaError);
}

TEST_CASE("a symbol is described as a .proto writes it") {
  const auto schema = greeter();
  CHECK(schema->describe("greet.Name")->text == "message Name {\n  string text = 1;\n}\n");
  CHECK(schema->describe(".greet.Greeter")->text.starts_with("service Greeter {\n  rpc Say("));
  CHECK(schema->describe("greet.Greeter.Say")->text.starts_with("rpc Say("));
  CHECK(schema->describe("greet.Greeter/Say")->name == "greet.Greeter.Say");
  CHECK(schema->describe("greet.Name.text")->text == "string text = 1;\n");
  CHECK(schema->describe("greet.Name")->kind == "a message");
  CHECK(schema->describe("greet.Greeter")->kind == "a service");
  CHECK_FALSE(schema->describe("greet.Nobody"));
}

}  // namespace
}  // namespace perigee::protobuf
