#include "scripting/json_path.h"

#include <random>

#include <doctest/doctest.h>

#include "scripting/json_codec.h"
#include "scripting/lua_state.h"

namespace perigee {
namespace {

constexpr const char* kDocument = R"json({
  "name": { "first": "Tom", "last": "Anderson" },
  "age": 37,
  "children": ["Sara", "Alex", "Jack"],
  "fav.movie": "Deer Hunter",
  "friends": [
    { "first": "Dale", "last": "Murphy", "age": 44, "nets": ["ig", "fb", "tw"], "in": true },
    { "first": "Roger", "last": "Craig", "age": 68, "nets": ["fb", "tw"], "in": false },
    { "first": "Jane", "last": "Murphy", "age": 47, "nets": ["ig", "tw"], "in": null }
  ],
  "nothing": null, "": 1, "#": 2, "@type": 3, "@this": 4, "a*b": 5, "a\\b": 6, "7": 8, "(x)" : 9
})json";

using Document = JsonPath::Document;

// What is found as JSON, "nothing" if there is nothing, the message if the path is refused.
std::string found(const std::string& path, const std::string& document = kDocument) {
  try {
    const auto value = JsonPath(path).find(Document::parse(document));
    return value ? value->dump() : "nothing";
  } catch (const std::runtime_error& error) {
    return error.what();
  }
}

// A key as a path writes it.
std::string escaped(const std::string& key) {
  std::string result;
  for (const char c : key) {
    if (std::string_view(".|*?\\#@!{[").find(c) != std::string_view::npos) result += '\\';
    result += c;
  }
  return result;
}

Document random_document(std::mt19937_64& random, int depth) {
  const auto pick = [&](int least, int most) {
    return std::uniform_int_distribution(least, most)(random);
  };
  const int kind = pick(0, depth == 0 ? 2 : 4);
  if (kind == 0) return pick(-1000, 1000);
  if (kind == 1) return pick(0, 1) == 1;
  if (kind == 2) return "text " + std::to_string(pick(0, 9));
  Document value = kind == 3 ? Document::array() : Document::object();
  for (int i = pick(0, 5); i > 0; --i) {
    if (kind == 3) {
      value.push_back(random_document(random, depth - 1));
      continue;
    }
    std::string key;
    for (int letters = pick(1, 6); letters > 0; --letters)
      key += R"(ab01.|*?\#@!{}[]()~:"= )"[static_cast<size_t>(pick(0, 22))];
    value[key] = random_document(random, depth - 1);
  }
  return value;
}

// Holds every value of the document against what its own path finds.
void check_paths(const Document& root, const Document& at, const std::string& path) {
  if (!path.empty()) {
    const auto value = JsonPath(path).find(root);
    CAPTURE(path);
    REQUIRE(value.has_value());
    CHECK(*value == at);
  }
  if (!at.is_structured()) return;
  const std::string before = path.empty() ? "" : path + ".";
  for (const auto& member : at.items())
    check_paths(root, member.value(), before + escaped(member.key()));
}

}  // namespace

TEST_CASE("a path finds keys and indexes from 0") {
  CHECK(found("age") == "37");
  CHECK(found("name.last") == R"("Anderson")");
  CHECK(found("name") == R"({"first":"Tom","last":"Anderson"})");
  CHECK(found("children.0") == R"("Sara")");
  CHECK(found("friends.1.nets.1") == R"("tw")");
  CHECK(found("nothing") == "null");
  CHECK(found("0.a", R"([{"a":1}])") == "1");
  CHECK(found("7") == "8");
}

TEST_CASE("where there is nothing nothing is found") {
  for (const char* path :
       {"ages", "name.middle", "children.3", "children.first", "age.0", "nothing.at.all", "age.#",
        "name.#(first==\"Tom\")", "children.99999999999999999999", "children.-1"}) {
    CAPTURE(path);
    CHECK(found(path) == "nothing");
  }
}

TEST_CASE("wildcards stand for characters of a key, the first that leads somewhere wins") {
  CHECK(found("child*.2") == R"("Jack")");
  CHECK(found("c?ildren.0") == R"("Sara")");
  CHECK(found("*.last") == R"("Anderson")");
  CHECK(found("*ren") == R"(["Sara","Alex","Jack"])");
  CHECK(found("c*l*n.1") == R"("Alex")");
  CHECK(found("?") == "2");
  CHECK(found("gr?n", R"({"grün":1})") == "1");
  CHECK(found("a\\**", R"({"ab":1,"a*c":2})") == "2");
  CHECK(found("*.x", R"({"a":1,"b":{"y":1},"c":{"x":2}})") == "2");
  CHECK(found("children.*") == "nothing");
}

TEST_CASE("a backslash takes a character as it is") {
  CHECK(found("fav\\.movie") == R"("Deer Hunter")");
  CHECK(found("a\\*b") == "5");
  CHECK(found("a\\\\b") == "6");
  CHECK(found("\\#") == "2");
  CHECK(found("\\@this") == "4");
  CHECK(found("a\\|b.c\\?", R"({"a|b":{"c?":1}})") == "1");
  CHECK(found("\\{a\\}.\\[0]", R"({"{a}":{"[0]":1}})") == "1");
  CHECK(found("children.\\#") == "nothing");
}

TEST_CASE("# counts an array, or goes through its elements") {
  CHECK(found("children.#") == "3");
  CHECK(found("friends.#.age") == "[44,68,47]");
  CHECK(found("friends.#.nets.0") == R"(["ig","fb","ig"])");
  CHECK(found("friends.#.nets.#") == "[3,2,2]");
  CHECK(found("friends.#.nobody") == "[]");
  CHECK(found("#", "[1,2]") == "2");
  CHECK(found("#.a", R"([{"a":1},{"b":2},{"a":3}])") == "[1,3]");
  CHECK(found("#.#.a", R"([[{"a":1},{"a":2}],[{"a":3}]])") == "[[1,2],[3]]");
  CHECK(found("#") == "2");
}

TEST_CASE("a query finds the first element that fits, or all of them") {
  CHECK(found("friends.#(last==\"Murphy\").first") == R"("Dale")");
  CHECK(found("friends.#(last=\"Murphy\")#.first") == R"(["Dale","Jane"])");
  CHECK(found("friends.#[last==Murphy].first") == R"("Dale")");
  CHECK(found("friends.#(age>45)#.last") == R"(["Craig","Murphy"])");
  CHECK(found("friends.#( age >= 47 )#.age") == "[68,47]");
  CHECK(found("friends.#(age<47)#.age") == "[44]");
  CHECK(found("friends.#(age<=47)#.age") == "[44,47]");
  CHECK(found("friends.#(age!=44)#.age") == "[68,47]");
  CHECK(found("friends.#(first%\"D*\").last") == R"("Murphy")");
  CHECK(found("friends.#(first!%\"D*\").last") == R"("Craig")");
  CHECK(found("friends.#(last==\"Nobody\").first") == "nothing");
  CHECK(found("friends.#(last==\"Nobody\")#.first") == "[]");
  CHECK(found("friends.#(first)#.first") == R"(["Dale","Roger","Jane"])");
  CHECK(found("friends.#(age==44).nobody") == "nothing");
}

TEST_CASE("a query without a key asks the elements themselves") {
  CHECK(found("children.#(!%\"*a*\")") == R"("Alex")");
  CHECK(found("children.#(%\"*a*\")#") == R"(["Sara","Jack"])");
  CHECK(found("children.#(>\"B\")#") == R"(["Sara","Jack"])");
  CHECK(found("#(>1.5)", "[1,2,3]") == "2");
}

TEST_CASE("queries nest") {
  CHECK(found("friends.#(nets.#(==\"fb\"))#.first") == R"(["Dale","Roger"])");
  CHECK(found("friends.#(nets.#>2).first") == R"("Dale")");
}

TEST_CASE("a query compares values of one kind; null and tables fit no comparison") {
  CHECK(found("friends.#(in==true).first") == R"("Dale")");
  CHECK(found("friends.#(in!=true)#.first") == R"(["Roger"])");
  CHECK(found("friends.#(in<true)#.first") == R"(["Roger"])");
  CHECK(found("friends.#(in)#.first") == R"(["Dale","Roger","Jane"])");
  CHECK(found("friends.#(nets!=1)#") == "[]");
  CHECK(found("friends.#(age%\"4*\")#") == "[]");
  CHECK(found("friends.#(age==old)#") == "[]");
  CHECK(found("friends.#(age==44.0).first") == R"("Dale")");
}

TEST_CASE("brackets and escapes within quotes belong to the value") {
  CHECK(found(R"(#(=="a)b"))", R"(["x","a)b"])") == R"("a)b")");
  CHECK(found(R"(#(=="a\"b"))", R"(["x","a\"b"])") == R"("a\"b")");
  CHECK(found(R"(#(=="\u0041"))", R"(["A"])") == R"("A")");
  CHECK(found(R"(#(%"a\\*b"))", R"(["aXb","a*b"])") == R"("a*b")");
}

TEST_CASE("a pipe goes on with what was gathered") {
  CHECK(found("friends|0|first") == R"("Dale")");
  CHECK(found("friends.#(last=\"Murphy\")#|0.first") == R"("Dale")");
  CHECK(found("friends.#(last=\"Murphy\")#|#") == "2");
  CHECK(found("friends.#(last=\"Murphy\")#|first") == "nothing");
  CHECK(found("friends.#(last=\"Murphy\")#.0") == "[]");
  CHECK(found("friends.#.nets|1") == R"(["fb","tw"])");
}

TEST_CASE("what gjson has beyond this is refused with what to do instead") {
  CHECK(found("children.@reverse") ==
        "the JSON path \"children.@reverse\": modifiers (@reverse) are not supported; change the "
        "value in Lua (a key of this name is written \\@reverse)");
  CHECK(found("friends.#.first|@join:x").find("modifiers (@join) are not supported") !=
        std::string::npos);
  CHECK(found("{name.first,age}").find("multipaths ({...) are not supported") != std::string::npos);
  CHECK(found("friends.#.[first,last]").find("multipaths ([...) are not supported") !=
        std::string::npos);
  CHECK(found("!\"text\"").find("literals (!...) are not supported") != std::string::npos);
  CHECK(found("..#").find("\"..\" (JSON lines) is not supported") != std::string::npos);
  CHECK(found("friends.#(in==~true)").find("values that begin with ~ are not supported") !=
        std::string::npos);
  // A key as JSON-LD has them is no modifier.
  CHECK(found("@type") == "3");
}

TEST_CASE("a path that is none is refused with the reason") {
  CHECK(found("") == "the JSON path \"\": it is empty; leave it out for the whole document");
  CHECK(found("a.#(b==1") == "the JSON path \"a.#(b==1\": a query is not closed: \")\" is missing");
  CHECK(found("a.#(b==\"x)") ==
        "the JSON path \"a.#(b==\"x)\": a query is not closed: \")\" is missing");
  CHECK(found("a.#()") == "the JSON path \"a.#()\": a query is empty: #()");
  CHECK(found("a.#(b==1)c") ==
        "the JSON path \"a.#(b==1)c\": after a query comes \".\", \"|\" or \"#\"");
  CHECK(found("a.#(b!1)") ==
        "the JSON path \"a.#(b!1)\": a query compares with ==, !=, <, <=, >, >=, % (like) or !% "
        "(not like)");
  CHECK(found("a.#(b==\"\\x\")") == "the JSON path \"a.#(b==\"\\x\")\": \"\\x\" is no JSON string");
}

TEST_CASE("every value of a random document is found by its own path") {
  std::mt19937_64 random(11);
  for (int i = 0; i < 1000; ++i) {
    const Document document = random_document(random, 4);
    CAPTURE(document.dump());
    check_paths(document, document, "");
  }
}

TEST_CASE("random paths find something, nothing, or are refused, and that is all") {
  std::mt19937_64 random(12);
  const Document document = Document::parse(kDocument);
  constexpr std::string_view kLetters = R"(#()[].|*?\"=!<>%~@{}0123 namefrids)";
  for (int i = 0; i < 20'000; ++i) {
    std::string path = "friends.";
    for (size_t letters = random() % 12; letters > 0; --letters)
      path += kLetters[random() % kLetters.size()];
    CAPTURE(path);
    try {
      (void)JsonPath(path).find(document);
    } catch (const std::runtime_error& error) {
      CHECK(std::string_view(error.what()).starts_with("the JSON path"));
    }
  }
}

TEST_CASE("what is found becomes a Lua value, nothing and what is not JSON become nil") {
  const LuaStatePtr state = make_lua_state(/*jit=*/true);
  lua_State* L = state.get();
  push_json_path(L, kDocument, "friends.#(first==\"Jane\")");
  std::string text;
  encode_json(L, 1, text);
  CHECK(text == R"({"age":47,"first":"Jane","last":"Murphy","nets":["ig","tw"]})");
  push_json_path(L, "[[]]", "0");
  text.clear();
  encode_json(L, 2, text);
  CHECK(text == "[]");
  push_json_path(L, kDocument, "nowhere");
  CHECK(lua_isnil(L, 3));
  push_json_path(L, std::string_view("{\"a\":1}\0 rubbish", 16), "a");
  CHECK(lua_isnil(L, -1));
  push_json_path(L, R"({"a":"\ud83d"})", "a");
  CHECK(view_at(L, -1) == "\xef\xbf\xbd");
  lua_pop(L, 2);
  push_json_path(L, "<html>", "a");
  CHECK(lua_isnil(L, 4));
  CHECK(lua_gettop(L) == 4);
  CHECK_THROWS_WITH(push_json_path(L, "{}", "@this"), doctest::Contains("modifiers (@this)"));
  const std::string deep = std::string(300, '[') + std::string(300, ']');
  CHECK_THROWS_WITH(push_json_path(L, R"({"a":)" + deep + "}", "a"), "nested too deeply");
  CHECK(lua_gettop(L) == 4);
}

}  // namespace perigee
