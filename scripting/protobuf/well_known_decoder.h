// Reads the messages that JSON dresses otherwise than by their fields: timestamps, wrappers, ...
#pragma once

#include <string_view>

#include "scripting/protobuf/message_decoder.h"

namespace perigee {

// Pushes the value of a message of a well-known type. Throws DecodeError.
void push_well_known(MessageDecoder& decoder, std::string_view bytes, const MessagePlan& plan);

}  // namespace perigee
