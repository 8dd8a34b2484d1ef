// Protobuf's JSON mapping, by libprotobuf. Shows libprotobuf: for engine/protobuf alone.
#pragma once

#include <string>
#include <string_view>

#include <google/protobuf/descriptor.h>

#include "engine/protobuf/message_json.h"
#include "engine/protobuf/message_type.h"

namespace perigee::protobuf {

// Each throws JsonError.
std::string json_to_bytes(const google::protobuf::DescriptorPool& pool, const MessageType& type,
                          std::string_view json);
// Fields are in the order of their numbers.
std::string bytes_to_json(const google::protobuf::DescriptorPool& pool, const MessageType& type,
                          std::string_view bytes, const JsonStyle& style);

}  // namespace perigee::protobuf
