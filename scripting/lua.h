// LuaJIT's API. Only scripting/ and the modules' bindings may include it.
#pragma once

#include <lua.hpp>  // IWYU pragma: export
