// The form with files of `perigee http`, from its flags.
#pragma once

#include "cli/http_load.h"
#include "engine/execution/json_reader.h"

namespace perigee {

// Makes the fields of -F the body, if there are any: NAME=TEXT, NAME=<FILE with a text, or
// NAME=@FILE[;type=TYPE][;filename=NAME]. Throws ConfigError if there is another body.
void read_form(const JsonReader& flags, RequestBody& body);

}  // namespace perigee
