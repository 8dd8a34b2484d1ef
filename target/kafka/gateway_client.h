// A client of librdkafka for the gateway's own use.
#pragma once

#include <string>

#include "modules/kafka/properties.h"

namespace perigee {

// Throws std::runtime_error. It reports nothing but what is critical: the broker is in this
// process.
kafka::HandlePtr make_gateway_client(rd_kafka_type_t type, const std::string& brokers,
                                     kafka::Properties properties);

}  // namespace perigee
