#include "scripting/javascript_hint.h"

#include <doctest/doctest.h>

#include "scripting/lua_state.h"

namespace perigee {
namespace {

// What Lua says of a source that it can't compile, with the hint.
std::string refusal(const std::string& source) {
  const LuaStatePtr state = make_lua_state(/*jit=*/true);
  REQUIRE(luaL_loadbuffer(state.get(), source.data(), source.size(), "@script.lua") != 0);
  const std::string message = take_error(state.get());
  return message + javascript_hint(source, message);
}

bool says(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("a syntax error that JavaScript has made says what Lua has for it") {
  const struct {
    const char *source, *hint;
  } cases[] = {
      {"import http from 'k6/http';", "for JavaScript's import write: local http = require \""},
      {"export default function () {\n}", "for JavaScript's export write: function M.default()"},
      {"export const options = {}", "JavaScript's export"},
      {"local x = `a${b}`", "write: (\"...%s\"):format(x)"},
      {"local f = x => x", "write: function(x) return y end"},
      {"const x = 1", "const, let and var write: local"},
      {"let { a } = b", "const, let and var write: local"},
      {"if a !== b then end", "JavaScript's !== write: ~="},
      {"if a != b then end", "JavaScript's != write: ~="},
      {"if a === b then end", "JavaScript's === write: =="},
      {"if a && b then end", "JavaScript's && write: and"},
      {"if a || b then end", "JavaScript's || write: or"},
      {"local a = b ?? c", "JavaScript's ?? and ?. write"},
      {"x += 1", "write: x = x + 1"},
      {"i++", "write: x = x + 1"},
      {"for i = 1, 3 do continue end", "write: goto continue"},
      {"try {\n  local x = 1\n}", "write: pcall(function() ... end)"},
      {"throw new Error('x')", "write: error(...)"},
      {"switch (x) {", "write: if ... then ... elseif"},
      {"if a then f() else if b then g() end", ""},
      {"f(new Counter('x'))", "without new"},
      {"local t = typeof x", "write: type(x)"},
      {"local x = 1 // one", "JavaScript's // write: --"},
      {"/* all of it */", "write: --[[ ... ]]"},
      {"if !a then end", "JavaScript's !x write: not x"},
      {"local x = a ? b : c", "write: a and b or c"},
      {"if (a) {\n  f()\n}", "{ ... } around statements write: then ... end"},
      {"async function f() end", "async and await"},
      {"local M = {}\n\nfunction M.default()\n  if (ok) {\n  }\nend", "around statements"},
  };
  for (const auto& each : cases) {
    CAPTURE(each.source);
    const std::string text = refusal(each.source);
    CAPTURE(text);
    CHECK(says(text, each.hint));
  }
}

TEST_CASE("a mistake in Lua gets no hint") {
  for (const char* source :
       {"local x = ", "f(", "local s = 'a != b && c", "x = 1 -- a || b, const x =>\n)",
        "local url = 'http://host' local = 3", "return { a = 1 b = 2 }", "for i = 1 do end"}) {
    CAPTURE(source);
    CHECK_FALSE(says(refusal(source), "JavaScript"));
  }
}

}  // namespace perigee
