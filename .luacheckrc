-- Lua as perigee runs it: LuaJIT with five more globals.
std = "luajit"
read_globals = { "__ENV", "__VU", "__ITER", "open", "console" }
max_line_length = 100

-- Definitions for editors: they declare globals and functions without a body.
files["scripting/library"] = {
  globals = { "__ENV", "__VU", "__ITER", "open", "print", "console" },
  ignore = { "212", "241" },
}

-- The sandbox takes functions of the standard library away.
files["scripting/prelude/sandbox.lua"].ignore = { "122" }
