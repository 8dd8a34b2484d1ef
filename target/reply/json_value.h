// The values of tensors as JSON, in as few digits as give them back exactly.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "engine/tensor/datatype.h"

namespace perigee {

// Bytes that are no UTF-8 become U+FFFD.
void write_json_text(std::string& out, std::string_view text);

// What is no number is null; an integer is true or false for BOOL, and UINT64's bits for UINT64.
void write_json_value(std::string& out, Datatype datatype, double value);
void write_json_value(std::string& out, Datatype datatype, int64_t value);
void write_json_value(std::string& out, Datatype datatype, const std::string& value);

}  // namespace perigee
