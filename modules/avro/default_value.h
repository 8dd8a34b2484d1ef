// The default of a record's field, from a schema's JSON to the bytes that stand for it.
#pragma once

#include <string>

#include <nlohmann/json_fwd.hpp>

#include "modules/avro/schema.h"

namespace perigee::avro {

// Throws std::exception where the value is not of the type. That of a union is of its first branch,
// and bytes are text whose characters stand for one byte each.
std::string default_bytes(const Type& type, const nlohmann::json& value);

}  // namespace perigee::avro
