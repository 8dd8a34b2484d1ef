// Clients as scripts see them: what http.client{ ... } makes.
#pragma once

#include "scripting/lua.h"

namespace perigee {

class HttpSender;

// Adds the functions that the methods of clients are made of to the table on top of the stack.
void add_client_functions(lua_State* L, HttpSender& sender);

}  // namespace perigee
