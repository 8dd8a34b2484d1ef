// libavro's schemas with owners, and the only file that includes the library.
#pragma once

#include <memory>
#include <type_traits>

#include <avro.h>

namespace perigee::avro {

struct DropSchema {
  void operator()(avro_schema_t schema) const { avro_schema_decref(schema); }
};

using SchemaPtr = std::unique_ptr<std::remove_pointer_t<avro_schema_t>, DropSchema>;

}  // namespace perigee::avro
