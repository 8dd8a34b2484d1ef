// A name in a script that stands for nothing.
#pragma once

#include <string>

namespace perigee {

struct NameFault {
  std::string text;      // "script.lua:3: there is no variable ..."
  bool is_name = false;  // one of a variable; else a field of one of the program's modules
};

}  // namespace perigee
