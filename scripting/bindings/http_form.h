// A request body that a script writes as a table: a form.
#pragma once

#include <random>
#include <string>
#include <string_view>

#include "scripting/lua.h"

namespace perigee {

struct FormBody {
  std::string text;
  std::string content_type;  // of the request: the script's own where it gave one
  bool in_parts = false;     // it is a multipart one
};

// Reads the table at `index`: fields in the order of their names, or a list of {name, value} in its
// own. A list as a value repeats the name, json.null is empty. With a file among the values, a
// table with `data` as http.file makes it, or where `given_type`, the script's own Content-Type,
// says so, the body is multipart, with the boundary of that header or one that is added to it.
// Throws std::runtime_error.
FormBody read_form_body(lua_State* L, int index, std::string_view given_type,
                        std::mt19937_64& random);

}  // namespace perigee
