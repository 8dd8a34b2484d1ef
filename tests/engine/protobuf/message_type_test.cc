#include "engine/protobuf/message_type.h"

#include <memory>

#include <doctest/doctest.h>

#include "engine/protobuf/schema.h"

namespace perigee::protobuf {
namespace {

std::shared_ptr<const Schema> load() {
  return Schema::from_proto_files({.import_paths = {"tests/support/protos"},
                                   .files = {"everything.proto", "legacy.proto"},
                                   .embedded = {}});
}

const FieldType& field(const Schema& schema, std::string_view message, std::string_view name) {
  const FieldType* const found = schema.message(message).find(name);
  REQUIRE(found != nullptr);
  return *found;
}

TEST_CASE("a message has its fields in the order of their numbers") {
  const auto schema = load();
  const MessageType& scalars = schema->message("everything.Scalars");
  CHECK(scalars.full_name == "everything.Scalars");
  REQUIRE(scalars.fields().size() == 16);
  for (size_t i = 0; i < 16; ++i)
    CHECK(scalars.fields()[i].number == i + 1);
  CHECK(scalars.fields()[5].kind == FieldKind::kUint64);
  CHECK(scalars.fields()[9].wire_type == WireType::kFixed64);
}

TEST_CASE("a field is found by its name, its name in JSON and its number") {
  const auto schema = load();
  const MessageType& named = schema->message("everything.Named");
  CHECK(named.find("snake_case") == &named.fields()[0]);
  CHECK(named.find("snakeCase") == &named.fields()[0]);
  CHECK(named.find("otherName") == named.find("renamed"));
  CHECK(named.find("with1digit") == named.find(uint32_t{3}));
  CHECK(named.find(uint32_t{100000}) == named.find("far"));
  CHECK(named.find("snake") == nullptr);
  CHECK(named.find(uint32_t{4}) == nullptr);
  CHECK(named.find(uint32_t{0}) == nullptr);
}

TEST_CASE("a field of proto3 has presence where it is optional, a message or of a oneof") {
  const auto schema = load();
  CHECK_FALSE(field(*schema, "everything.Scalars", "an_int32").has_presence);
  CHECK(field(*schema, "everything.Optionals", "number").has_presence);
  CHECK(field(*schema, "everything.Optionals", "nested").has_presence);
  CHECK(field(*schema, "everything.Choice", "number").has_presence);
  CHECK(field(*schema, "legacy.Old", "text").has_presence);
  CHECK(field(*schema, "legacy.Old", "id").required);
  CHECK(schema->message("legacy.Old").has_required);
  CHECK_FALSE(schema->message("everything.Choice").has_required);
}

TEST_CASE("an optional field of proto3 is in no oneof") {
  const auto schema = load();
  CHECK(schema->message("everything.Optionals").oneofs.empty());
  CHECK(field(*schema, "everything.Optionals", "number").oneof == -1);
  CHECK(schema->message("everything.Choice").oneofs == std::vector<std::string>{"kind"});
  CHECK(field(*schema, "everything.Choice", "text").oneof == 0);
  CHECK(field(*schema, "everything.Choice", "before").oneof == -1);
}

TEST_CASE("lists of numbers are packed in proto3, and in proto2 on demand") {
  const auto schema = load();
  CHECK(field(*schema, "everything.Lists", "int32s").packed);
  CHECK(field(*schema, "everything.Lists", "colours").packed);
  CHECK_FALSE(field(*schema, "everything.Lists", "unpacked").packed);
  CHECK_FALSE(field(*schema, "everything.Lists", "strings").packed);
  CHECK_FALSE(field(*schema, "legacy.Old", "numbers").packed);
  CHECK(field(*schema, "legacy.Old", "packed_numbers").packed);
}

TEST_CASE("a map is a list of entries") {
  const auto schema = load();
  const FieldType& map = field(*schema, "everything.Maps", "messages");
  CHECK(map.is_map());
  CHECK(map.repeated);
  CHECK(map.message->find("key")->kind == FieldKind::kString);
  CHECK(map.message->find("value")->message == &schema->message("everything.Scalars"));
  CHECK_FALSE(field(*schema, "everything.Lists", "messages").is_map());
}

TEST_CASE("strings of proto3 are UTF-8") {
  const auto schema = load();
  CHECK(field(*schema, "everything.Scalars", "a_string").must_be_utf8);
  CHECK_FALSE(field(*schema, "everything.Scalars", "a_bytes").must_be_utf8);
  CHECK_FALSE(field(*schema, "legacy.Old", "text").must_be_utf8);
}

TEST_CASE("well-known types are known by their names") {
  const auto schema = load();
  CHECK(field(*schema, "everything.WellKnown", "timestamp").message->well_known ==
        WellKnownType::kTimestamp);
  CHECK(field(*schema, "everything.WellKnown", "bytes_value").message->well_known ==
        WellKnownType::kWrapper);
  CHECK(field(*schema, "everything.WellKnown", "empty").message->well_known ==
        WellKnownType::kNone);
  CHECK(field(*schema, "everything.WellKnown", "null_value").enumeration->null_value);
}

TEST_CASE("an extension is a field of what it extends") {
  const auto schema = load();
  const MessageType& old = schema->message("legacy.Old");
  CHECK(old.find("[legacy.note]") == old.find(uint32_t{100}));
  CHECK(old.find("[legacy.marks]")->repeated);
  CHECK(old.find("note") == nullptr);
}

TEST_CASE("a group is a field with the name of its message in small letters") {
  const auto schema = load();
  const FieldType& group = field(*schema, "legacy.Old", "details");
  CHECK(group.kind == FieldKind::kGroup);
  CHECK(group.wire_type == WireType::kGroupStart);
  CHECK(group.message == &schema->message("legacy.Old.Details"));
}

TEST_CASE("an enum knows names and numbers, and the first of several names") {
  const auto schema = load();
  const EnumType& colour = *schema->types().find_enum("everything.Colour");
  CHECK_FALSE(colour.closed);
  CHECK(colour.find("CRIMSON")->number == 1);
  CHECK(colour.find(1)->name == "RED");
  CHECK(colour.find(-1)->name == "NEGATIVE");
  CHECK(colour.find("red") == nullptr);
  CHECK(colour.find(7) == nullptr);
  CHECK(schema->types().find_enum("legacy.Closed")->closed);
}

}  // namespace
}  // namespace perigee::protobuf
