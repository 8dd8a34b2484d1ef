// Makes the plans of types out of libprotobuf's descriptors.
#pragma once

#include <vector>

#include "engine/protobuf/type_set.h"

namespace google::protobuf {
class FileDescriptor;
}  // namespace google::protobuf

namespace perigee::protobuf {

// Adds all types of the files, among which all their imports must be. Extensions become fields of
// what they extend.
void build_types(const std::vector<const google::protobuf::FileDescriptor*>& files, TypeSet& types);

}  // namespace perigee::protobuf
