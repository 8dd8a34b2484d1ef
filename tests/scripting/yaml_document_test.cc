#include "scripting/yaml_document.h"

#include <cmath>
#include <iterator>
#include <random>

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

namespace perigee {
namespace {

using Json = nlohmann::ordered_json;

// The documents as JSON, or the error.
std::string parsed(const std::string& text) {
  try {
    std::string result;
    for (const Json& document : parse_yaml(text))
      result += (result.empty() ? "" : " ") + document.dump();
    return result;
  } catch (const std::runtime_error& error) {
    return error.what();
  }
}

// Strings that YAML could take for something else.
constexpr const char* kTraps[] = {
    "",     "~",     "null", "true", "False",    "yes", "No",   "on",     "off",   "y",
    "12",   "0x1F",  "0o7",  "1e3",  ".5",       "-1",  "+1",   "1_000",  "1:30",  "2001-01-01",
    ".inf", ".NaN",  "<<",   "=",    "-",        "- a", "a: b", "a #b",   "#a",    "a:",
    "'a'",  "\"a\"", "[a]",  "{a}",  "&a",       "*a",  "!a",   "|",      ">",     "%a",
    "@a",   "`a",    " a",   "a ",   "a\nb",     "a\n", "\n",   "\ta",    "a\tb",  "?",
    "? a",  "a, b",  "\x01", "\\n",  "\xc3\xa4", "---", "...",  "a\r\nb", "null ", "1 2"};

Json random_value(std::mt19937_64& random, int depth) {
  switch (random() % (depth == 0 ? 5 : 7)) {
    case 0:
      return nullptr;
    case 1:
      return random() % 2 == 0;
    case 2:
      return static_cast<int64_t>(random() % 2'000'001) - 1'000'000;
    case 3:
      return std::ldexp(1.0 + static_cast<double>(random() % 1000) / 7,
                        static_cast<int>(random() % 80) - 40);
    case 4:
      return kTraps[random() % std::size(kTraps)];
    case 5: {
      Json list = Json::array();
      for (size_t n = random() % 4; n > 0; --n)
        list.push_back(random_value(random, depth - 1));
      return list;
    }
    default: {
      Json object = Json::object();
      for (size_t n = random() % 4; n > 0; --n)
        object[kTraps[random() % std::size(kTraps)]] = random_value(random, depth - 1);
      return object;
    }
  }
}

}  // namespace

TEST_CASE("plain words are null, booleans, numbers or strings by YAML 1.2's core schema") {
  CHECK(parsed("[~, null, Null, NULL, nUll]") == R"([null,null,null,null,"nUll"])");
  CHECK(parsed("[true, True, FALSE, yes, on, y]") == R"([true,true,false,"yes","on","y"])");
  CHECK(parsed("[12, -3, +4, 0o17, 0x1F, 007]") == "[12,-3,4,15,31,7]");
  CHECK(parsed("[1.5, .5, 2., 1e3, -1E-2, 1e, 1.2.3, 0b1, 1_000]") ==
        R"([1.5,0.5,2.0,1000.0,-0.01,"1e","1.2.3","0b1","1_000"])");
  CHECK(parsed("[12:30:45, 2001-01-01]") == R"(["12:30:45","2001-01-01"])");
  CHECK(parsed("12345678901234567890") == "1.2345678901234567e+19");
  CHECK(std::isinf(parse_yaml("-.inf").front().get<double>()));
  CHECK(std::isnan(parse_yaml(".NaN").front().get<double>()));
}

TEST_CASE("what is quoted, or tagged so, is a string") {
  CHECK(parsed("['12', \"true\", !!str 5, !!str null]") == R"(["12","true","5","null"])");
  CHECK(parsed("[!!int 5, !!float 1, !!bool true]") == "[5,1,true]");
  CHECK(parsed("a: |\n  12\n") == R"({"a":"12\n"})");
}

TEST_CASE("blocks nest, keys keep their order and are strings") {
  CHECK(parsed("zeta: 1\nalpha:\n  - x\n  - b: {c: []}\n1: one\ntrue: yes\nempty:\n") ==
        R"({"zeta":1,"alpha":["x",{"b":{"c":[]}}],"1":"one","true":"yes","empty":null})");
}

TEST_CASE("aliases are copies, << merges what is not there") {
  CHECK(parsed("a: &x [1]\nb: *x\n") == R"({"a":[1],"b":[1]})");
  CHECK(parsed("base: &b {x: 1, y: 2}\nmine:\n  <<: *b\n  y: 3\n") ==
        R"({"base":{"x":1,"y":2},"mine":{"y":3,"x":1}})");
  CHECK(parsed("<<: [{a: 1}, {a: 2, b: 3}]\n") == R"({"a":1,"b":3})");
  CHECK(parsed("'<<': 1\n") == R"({"<<":1})");
}

TEST_CASE("a text may hold several documents, or none") {
  CHECK(parsed("a: 1\n---\n- 2\n---\n") == R"({"a":1} [2] null)");
  CHECK(parsed("") == "");
  CHECK(parsed("# nothing\n") == "");
}

TEST_CASE("what is wrong is told with its line") {
  CHECK(parsed("a: 1\nb: [1,\n").find("line 3: ") == 0);
  CHECK(parsed("a: 1\nb: 2\na: 3\n") == "line 3: the key \"a\" is there twice");
  CHECK(parsed("a: !color red\n") == "line 1: the tag !color is not supported here");
  CHECK(parsed("a: !!int x\n") == "line 1: \"x\" does not fit its tag tag:yaml.org,2002:int");
  CHECK(parsed("? [a]\n: 1\n") == "line 1: a key must be a scalar");
  CHECK(parsed("<<: 1\n") == "line 1: << merges a mapping, or a list of them");
  CHECK(parsed("a: *b\n").find("line 1: ") == 0);
  CHECK(parsed(std::string(300, '[') + std::string(300, ']')).find("line 1: ") == 0);
}

TEST_CASE("aliases that multiply are stopped") {
  std::string text = "a: &a [1,1,1,1,1,1,1,1,1]\n";
  for (char name = 'b'; name <= 'i'; ++name) {
    text += std::string(1, name) + ": &" + name + " [";
    for (int i = 0; i < 9; ++i)
      text += std::string(i == 0 ? "*" : ",*") + static_cast<char>(name - 1);
    text += "]\n";
  }
  CHECK(parsed(text).find("aliases multiply to too many values") != std::string::npos);
}

TEST_CASE("values are written in block style") {
  CHECK(write_yaml(Json::parse(R"({"a":[1,{"b":null,"c":"x"}],"d":{},"e":[],"f":"12","g":1.5})")) ==
        "a:\n  - 1\n  - b: null\n    c: x\nd: {}\ne: []\nf: \"12\"\ng: 1.5\n");
  CHECK(write_yaml("yes") == "\"yes\"\n");
}

TEST_CASE("what is written is read as the same value") {
  for (const char* text : kTraps) {
    CAPTURE(std::string(text));
    CHECK(parse_yaml(write_yaml(Json(text))).front() == text);
    CHECK(parse_yaml(write_yaml(Json{{text, text}})).front() == Json{{text, text}});
  }
  std::mt19937_64 random(23);
  for (int i = 0; i < 2000; ++i) {
    const Json value = random_value(random, 4);
    CAPTURE(value.dump());
    const auto again = parse_yaml(write_yaml(value));
    REQUIRE(again.size() == 1);
    CHECK(again.front() == value);
  }
}

}  // namespace perigee
