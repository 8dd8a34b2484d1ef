// The value of one Lua expression, as a VU in a running iteration computes it.
#pragma once

#include <string>

#include "tests/support/script_fixture.h"

namespace perigee {

// `prefix` is code at the top of the script, in which all modules are there by their last names.
// The result is what tostring makes of the value, or the message of the error, which begins with
// "script.lua:".
inline std::string evaluate(const std::string& expression, const std::string& prefix = "",
                            const ScriptFixture::Options& options = {}) {
  ScriptFixture fixture(R"(
local modules = "crypto data encoding json random tensor text time url yaml"
for name in modules:gmatch("%a+") do _G[name] = require("perigee." .. name) end tables = require("perigee.table")
)" + prefix + "\nreturn { default = function() error(tostring(" +
                            expression + "), 0) end }",
                        options);
  fixture.iterate();
  const std::string error = fixture.vu().error();
  return error.substr(0, error.find("\nstack traceback:"));
}

}  // namespace perigee
