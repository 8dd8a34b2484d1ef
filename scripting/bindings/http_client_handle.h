// Clients as scripts see them: what http.client{ ... } makes.
#pragma once

#include "scripting/lua.h"

namespace perigee {

struct HttpClient;

class HttpWorker;

// Adds the function that makes http.client to the table on top of the stack.
void add_client_functions(lua_State* L, HttpWorker& worker);

// The client at an index of the stack: of the VU that runs, since a VU sees no values of others.
// Throws std::runtime_error if it is none.
const HttpClient& client_at(lua_State* L, int index);

}  // namespace perigee
