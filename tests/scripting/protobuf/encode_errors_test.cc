#include <string>

#include <doctest/doctest.h>

#include "tests/scripting/protobuf/codec_fixture.h"

namespace perigee {
namespace {

TEST_CASE_FIXTURE(CodecFixture, "an unknown field is named with its path and the closest one") {
  CHECK(encoded("everything.Scalars", "{ an_int23 = 1 }") ==
        "there is no field \"an_int23\" in everything.Scalars (did you mean \"an_int32\"?)");
  CHECK(encoded("everything.Node", "{ children = { {}, { next = { nme = 'x' } } } }") ==
        "children[2].next: there is no field \"nme\" in everything.Node (did you mean \"name\"?)");
  CHECK(encoded("everything.Maps", "{ messages = { first = { zzzzzzzz = 1 } } }") ==
        "messages[\"first\"]: there is no field \"zzzzzzzz\" in everything.Scalars");
  CHECK(encoded("everything.Node", "{ 'a' }") ==
        "expected the names of everything.Node's fields, found the number 1 as a key");
}

TEST_CASE_FIXTURE(CodecFixture, "a value of another type is named with its path") {
  CHECK(encoded("everything.Scalars", "{ a_string = 5 }") ==
        "a_string: expected a string, found the number 5");
  CHECK(encoded("everything.Scalars", "{ a_bytes = true }") ==
        "a_bytes: expected a string, found true");
  CHECK(encoded("everything.Scalars", "{ a_bool = 1 }") ==
        "a_bool: expected true or false, found the number 1");
  CHECK(encoded("everything.Scalars", "{ a_double = {} }") ==
        "a_double: expected a number, found a table");
  CHECK(encoded("everything.Scalars", "{ an_int32 = 'seven' }") ==
        "an_int32: expected a whole number from -2147483648 to 2147483647, found the string "
        "\"seven\"");
  CHECK(encoded("everything.Node", "{ next = 'x' }") ==
        "next: expected a table for everything.Node, found the string \"x\"");
  CHECK(encoded("everything.Node", "'x'") ==
        "expected a table for everything.Node, found the string \"x\"");
  CHECK(encoded("everything.Node", "nil") == "expected a table for everything.Node, found nothing");
  CHECK(encoded("everything.Scalars", "{ a_string = print }") ==
        "a_string: expected a string, found a function");
}

TEST_CASE_FIXTURE(CodecFixture, "a number out of range, or not whole, is refused") {
  const auto refused = [&](const std::string& field, const std::string& number) {
    return encoded("everything.Scalars", "{ " + field + " = " + number + " }")
        .starts_with(field + ": expected a whole number from ");
  };
  CHECK(refused("an_int32", "2147483648"));
  CHECK(refused("an_int32", "-2147483649"));
  CHECK(refused("an_int32", "1.5"));
  CHECK(refused("an_int32", "0/0"));
  CHECK(refused("an_int32", "1/0"));
  CHECK(refused("a_sint32", "2147483648"));
  CHECK(refused("a_sfixed32", "2147483648"));
  CHECK(refused("a_uint32", "-1"));
  CHECK(refused("a_uint32", "4294967296"));
  CHECK(refused("a_fixed32", "4294967296LL"));
  CHECK(refused("an_int64", "2^63"));
  CHECK(refused("an_int64", "9223372036854775808ULL"));
  CHECK(refused("an_int64", "'9223372036854775808'"));
  CHECK(refused("a_sint64", "-2^64"));
  CHECK(refused("a_uint64", "-1"));
  CHECK(refused("a_uint64", "-1LL"));
  CHECK(refused("a_uint64", "2^64"));
  CHECK(refused("a_uint64", "'18446744073709551616'"));
  CHECK(refused("an_int64", "''"));
  CHECK(refused("an_int64", "'5 '"));
  CHECK(encoded("everything.Scalars", "{ a_float = 1e39 }") ==
        "a_float: expected a number of a float's range, found the number 1e+39");
}

TEST_CASE_FIXTURE(CodecFixture, "a list that is none is refused") {
  CHECK(encoded("everything.Lists", "{ int64s = 5 }") ==
        "int64s: expected a list of int64, found the number 5");
  CHECK(encoded("everything.Lists", "{ int64s = { x = 1 } }") ==
        "int64s: expected a list of int64, found a table with the key \"x\"");
  CHECK(encoded("everything.Lists", "{ strings = { 'a', x = 'b' } }") ==
        "strings: expected a list of string, found a table with the key \"x\"");
  CHECK(encoded("everything.Lists", "{ colours = { [0] = 'RED' } }") ==
        "colours: expected a list of everything.Colour, found a table with the key the number 0");
  CHECK(encoded("everything.Lists", "{ int32s = { 1, [3] = 3 } }") ==
        "int32s: expected a list of int32, found a table with the key the number 3");
  CHECK(encoded("everything.Lists", "{ int32s = { 1, 'x' } }") ==
        "int32s[2]: expected a whole number from -2147483648 to 2147483647, found the string "
        "\"x\"");
  CHECK(encoded("everything.Lists", "{ strings = { 'a', json.null } }") ==
        "strings[2]: expected a string, found json.null");
}

TEST_CASE_FIXTURE(CodecFixture, "a list whose elements were set in another order is one") {
  CHECK(encoded("everything.Lists",
                "(function() local t = {} for i = 5, 1, -1 do t[i] = i end "
                "return { int32s = t } end)()") ==
        reference("everything.Lists", "int32s: [1, 2, 3, 4, 5]"));
}

TEST_CASE_FIXTURE(CodecFixture, "a map with keys or values of other types is refused") {
  CHECK(encoded("everything.Maps", "{ by_string = { 1, 2 } }") ==
        "by_string: expected strings as keys, found the number 1");
  CHECK(encoded("everything.Maps", "{ by_string = 'x' }") ==
        "by_string: expected a table of int32 by string, found the string \"x\"");
  CHECK(encoded("everything.Maps", "{ by_int32 = { x = 'a' } }") ==
        "by_int32: expected a whole number from -2147483648 to 2147483647 as a key, found the "
        "string \"x\"");
  CHECK(encoded("everything.Maps", "{ by_int32 = { [7] = 8 } }") ==
        "by_int32[\"7\"]: expected a string, found the number 8");
  CHECK(encoded("everything.Maps", "{ by_bool = { maybe = 'a' } }") ==
        "by_bool: expected true or false as a key, found the string \"maybe\"");
}

TEST_CASE_FIXTURE(CodecFixture, "an unknown value of an enum is named with the closest one") {
  CHECK(encoded("everything.Scalars", "{ a_colour = 'BLEU' }") ==
        "a_colour: there is no value \"BLEU\" in everything.Colour (did you mean \"BLUE\"?)");
  CHECK(encoded("everything.Scalars", "{ a_colour = 1.5 }") ==
        "a_colour: expected a name of everything.Colour or its number, found the number 1.5");
  CHECK(encoded("legacy.Old", "{ id = 1, closed = 3 }") ==
        "closed: expected a name of legacy.Closed or its number, found the number 3");
}

TEST_CASE_FIXTURE(CodecFixture, "two fields of a oneof, or two names of a field, are refused") {
  CHECK(encoded("everything.Choice", "{ number = 1, before = 'b', text = 'a' }") ==
        "number and text are both of the oneof kind: set one of them");
  CHECK(encoded("everything.Node", "{ name = 'a', children = {}, next = {}, Name = '' }") ==
        "there is no field \"Name\" in everything.Node (did you mean \"name\"?)");
  CHECK(encoded("everything.Named",
                "{ snake_case = 'a', snakeCase = 'a', renamed = 'b', otherName = 'b', with1digit = "
                "'c', far = 1 }")
            .ends_with("are the same field: set one of them"));
  CHECK(encoded("everything.Named", "{ snake_case = 'a', snakeCase = 'a' }") ==
        "snake_case and snakeCase are the same field: set one of them");
}

TEST_CASE_FIXTURE(CodecFixture, "a required field that is missing is refused") {
  CHECK(encoded("legacy.Old", "{}") == "id is required in legacy.Old");
  CHECK(encoded("legacy.Old", "{ id = 1, row = { { cell = 1 }, {} } }") ==
        "row[2]: cell is required in legacy.Old.Row");
}

TEST_CASE_FIXTURE(CodecFixture, "a string of proto3 that is not UTF-8 is refused") {
  CHECK(encoded("everything.Scalars", "{ a_string = 'caf\\233' }") ==
        "a_string: a string must be UTF-8; other bytes belong into a field of type bytes");
  CHECK(encoded("everything.Maps", "{ by_string = { ['\\233'] = 1 } }") ==
        "by_string: a string must be UTF-8; other bytes belong into a field of type bytes");
  CHECK(encoded("everything.Scalars", "{ a_bytes = '\\233' }") == "\x7a\x01\xe9");
  CHECK(encoded("legacy.Old", "{ id = 1, text = '\\233' }").size() == 5);
}

TEST_CASE_FIXTURE(CodecFixture, "a table that contains itself is refused") {
  const std::string error =
      encoded("everything.Node", "(function() local t = {} t.next = t return t end)()");
  CHECK(error.starts_with("next.next.next"));
  CHECK(error.ends_with("messages are nested too deeply, or a table contains itself"));
  CHECK(encoded("everything.WellKnown",
                "(function() local t = { ['@type'] = 'google.protobuf.Any' } t.value = t "
                "return { any = t } end)()") ==
        "any: messages are nested too deeply, or a table contains itself");
  CHECK(encoded("everything.WellKnown",
                "(function() local t = {} t[1] = t return { value = t } end)()")
            .ends_with("messages are nested too deeply, or a table contains itself"));
}

TEST_CASE_FIXTURE(CodecFixture, "after an error the next message is encoded as ever") {
  encoded("everything.Node", "{ children = { {}, { next = { nme = 'x' } } } }");
  CHECK(encoded("everything.Node", "{ name = 'a' }") == reference("everything.Node", "name: 'a'"));
}

}  // namespace
}  // namespace perigee
