// Asks the Prometheus that the environment names; see tests/peers/with_prometheus.
#pragma once

#include <string>

#include <nlohmann/json.hpp>

namespace perigee {

class Prometheus {
 public:
  Prometheus();

  // The result of an instant query, now. The test fails if it is refused.
  nlohmann::json query(const std::string& query) const;
  // The value of a query that gives one number; NaN if it gives nothing.
  double value(const std::string& query) const;
  // Asks until the value is at least this one; false if that takes more than 20 s.
  bool wait_for(const std::string& query, double value) const;

  // "http://host:port"
  const std::string& url() const { return url_; }
  // "host:port" where it scrapes.
  const std::string& target() const { return target_; }

 private:
  std::string url_;
  std::string target_;
  uint16_t port_;
};

}  // namespace perigee
