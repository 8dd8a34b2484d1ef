// Says in people's words what libprotobuf has found wrong with the JSON of a message.
#pragma once

#include <string>

#include "engine/protobuf/message_type.h"

namespace perigee::protobuf {

// "(kids[1]) nope: Cannot find field." becomes "kids[1]: there is no field ...". What is said in
// another form stays as it is.
std::string json_fault(const MessageType& type, const std::string& status);

}  // namespace perigee::protobuf
