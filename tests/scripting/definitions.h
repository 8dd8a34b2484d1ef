// The functions that the definitions for editors declare.
#pragma once

#include <string>
#include <vector>

namespace perigee {

struct Parameter {
  std::string name;
  std::string type;  // as it is written, aliases replaced by what they stand for
  bool optional = false;
};

// A function, or method, of a definition file.
struct Definition {
  std::string table;  // "http", or the name of a class
  std::string name;
  bool is_method = false;
  std::vector<Parameter> parameters;
};

// All of scripting/library, file by file, in the order in which they stand there.
std::vector<Definition> definitions();

}  // namespace perigee
