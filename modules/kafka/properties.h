// librdkafka's properties as scripts give them, by the names that the library has for them.
#pragma once

#include <map>
#include <string>

#include "modules/kafka/rdkafka.h"

namespace perigee::kafka {

using Properties = std::map<std::string, std::string>;

// Throws std::runtime_error for a property that the library does not know, with the closest one,
// and for a value that it refuses. Values that are secret are in no message.
ConfPtr make_conf(const Properties& properties);

// Those that a kind of client has: the library warns of the others'.
Properties properties_of(rd_kafka_type_t type, const Properties& properties);

// Whether the value of a property must not be shown.
bool is_secret(const std::string& property);

}  // namespace perigee::kafka
