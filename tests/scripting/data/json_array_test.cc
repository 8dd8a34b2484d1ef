#include "scripting/data/json_array.h"

#include <fstream>
#include <random>

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include "engine/base/config_error.h"
#include "scripting/json_codec.h"
#include "scripting/lua_state.h"
#include "tests/engine/output/scratch_folder.h"

namespace perigee {
namespace {

using namespace std::string_literals;

struct JsonArrayFixture {
  // The elements, each as JSON.
  std::vector<std::string> elements(const SharedArray& array) {
    std::vector<std::string> texts(array.size());
    for (size_t i = 0; i < array.size(); ++i) {
      lua_settop(L, 0);
      array.push(L, i);
      encode_json(L, 1, texts[i]);
    }
    return texts;
  }
  LuaStatePtr state = make_lua_state(/*jit=*/true);
  lua_State* L = state.get();
};

using Texts = std::vector<std::string>;

}  // namespace

TEST_CASE_FIXTURE(JsonArrayFixture, "the elements of a JSON array are found in its text") {
  CHECK(elements(JsonArray("[]")) == Texts{});
  CHECK(elements(JsonArray(" [ ] ")) == Texts{});
  CHECK(elements(JsonArray("[1]")) == Texts{"1"});
  CHECK(elements(JsonArray(R"([ [1,2] , {"a":[3,{}]}, "x,]\"[{" ,null ])")) ==
        Texts{"[1,2]", R"({"a":[3,{}]})", R"("x,]\"[{")", "null"});
}

TEST_CASE_FIXTURE(JsonArrayFixture, "the elements of random arrays come back in their order") {
  std::mt19937_64 random(9);
  for (int i = 0; i < 300; ++i) {
    nlohmann::json array = nlohmann::json::array();
    Texts texts;
    for (size_t n = random() % 6; n > 0; --n) {
      nlohmann::json element;
      for (size_t k = random() % 4; k > 0; --k)
        element[std::string(1, R"(a,"]}[{\)"[random() % 8])] = {random() % 100, "\\\"]"};
      array.push_back(element);
      texts.push_back(element.dump());
    }
    CHECK(elements(JsonArray(array.dump(static_cast<int>(random() % 3) - 1))) == texts);
  }
}

TEST_CASE_FIXTURE(JsonArrayFixture, "a file is told where it is no JSON array") {
  const ScratchFolder folder;
  const auto error = [&](const std::string& text) {
    std::ofstream(folder / "a.json") << text;
    try {
      read_json_array(folder / "a.json");
    } catch (const ConfigError& refused) {
      return std::string(refused.what()).substr((folder / "").size());
    }
    return std::string("no error");
  };
  CHECK(error("[1] \0 2"s)
            .find("a.json: not JSON: parse error at line 1, column 5 (byte 5): a NUL") == 0);
  CHECK(error("\xff\xfe[\0]\0"s) == "a.json: not JSON: the text is UTF-16, and JSON is UTF-8");
  CHECK(error("\xef\xbb\xbf[1]") == "no error");
  CHECK(error("[1,\n2").find("a.json: not JSON: parse error at line 2, column 2") == 0);
  CHECK(error("").find("a.json: not JSON: parse error at line 1, column 1") == 0);
  CHECK(error("\n{\"a\":1}").find("a.json: a shared array needs a JSON array") == 0);
  CHECK(error("\n [1, 2]\n") == "no error");
}

}  // namespace perigee
