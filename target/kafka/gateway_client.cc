#include "target/kafka/gateway_client.h"

#include <array>
#include <stdexcept>

namespace perigee {

kafka::HandlePtr make_gateway_client(rd_kafka_type_t type, const std::string& brokers,
                                     kafka::Properties properties) {
  properties["bootstrap.servers"] = brokers;
  properties["log_level"] = "2";
  kafka::ConfPtr conf = kafka::make_conf(properties);
  std::array<char, 512> why{};
  kafka::HandlePtr handle(rd_kafka_new(type, conf.get(), why.data(), why.size()));
  if (!handle) throw std::runtime_error(std::string(why.data()));
  [[maybe_unused]] const rd_kafka_conf_t* taken = conf.release();
  return handle;
}

}  // namespace perigee
