#include "modules/kafka/mock_cluster.h"

#include <array>
#include <stdexcept>

#include "modules/kafka/properties.h"

namespace perigee::kafka {
namespace {

// The library's mock needs a client to belong to, which does nothing.
HandlePtr make_handle() {
  std::array<char, 512> why{};
  ConfPtr conf = make_conf({{"log_level", "2"}});
  HandlePtr handle(rd_kafka_new(RD_KAFKA_PRODUCER, conf.get(), why.data(), why.size()));
  if (!handle) throw std::runtime_error(std::string(why.data()));
  [[maybe_unused]] const rd_kafka_conf_t* taken = conf.release();
  return handle;
}

}  // namespace

MockCluster::MockCluster(int brokers)
    : handle_(make_handle()), cluster_(rd_kafka_mock_cluster_new(handle_.get(), brokers)) {
  if (!cluster_) throw std::runtime_error("the mock cluster can't be made");
}

std::string MockCluster::bootstrap() const {
  return rd_kafka_mock_cluster_bootstraps(cluster_.get());
}

bool MockCluster::create_topic(const std::string& name, int partitions) {
  const ErrorCode error =
      rd_kafka_mock_topic_create(cluster_.get(), name.c_str(), partitions, /*replication=*/1);
  if (error == RD_KAFKA_RESP_ERR_TOPIC_ALREADY_EXISTS) return false;
  if (error != kNoError) throw std::runtime_error(message_of(error));
  return true;
}

void MockCluster::fail_requests(int16_t api_key, const std::vector<ErrorCode>& errors) {
  rd_kafka_mock_push_request_errors_array(cluster_.get(), api_key, errors.size(), errors.data());
}

void MockCluster::set_down(int32_t broker) {
  rd_kafka_mock_broker_set_down(cluster_.get(), broker);
}

void MockCluster::set_up(int32_t broker) {
  rd_kafka_mock_broker_set_up(cluster_.get(), broker);
}

void MockCluster::set_round_trip(int32_t broker, int ms) {
  rd_kafka_mock_broker_set_rtt(cluster_.get(), broker, ms);
}

}  // namespace perigee::kafka
