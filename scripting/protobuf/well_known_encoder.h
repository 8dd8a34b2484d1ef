// Writes the messages that JSON dresses otherwise than by their fields: timestamps, wrappers, ...
#pragma once

#include "scripting/protobuf/message_encoder.h"

namespace perigee {

// The fields of a message of a well-known type. Throws EncodeError.
void encode_well_known(MessageEncoder& encoder, int index, const MessagePlan& plan);

}  // namespace perigee
