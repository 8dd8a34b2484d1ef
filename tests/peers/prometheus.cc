#include "tests/peers/prometheus.h"

#include <chrono>
#include <cmath>
#include <cstdlib>
#include <limits>

#include <doctest/doctest.h>
#include <fmt/format.h>

#include "tests/support/raw_client.h"

namespace perigee {
namespace {

std::string variable(const char* name) {
  const char* const value = std::getenv(name);
  REQUIRE_MESSAGE(value != nullptr, name);
  return value;
}

std::string percent_encoded(const std::string& text) {
  std::string result;
  for (const char c : text)
    result += fmt::format("%{:02X}", static_cast<unsigned char>(c));
  return result;
}

}  // namespace

Prometheus::Prometheus()
    : url_(variable("PROMETHEUS_URL")),
      target_(variable("PROMETHEUS_TARGET")),
      port_(static_cast<uint16_t>(std::stoul(url_.substr(url_.rfind(':') + 1)))) {}

nlohmann::json Prometheus::query(const std::string& query) const {
  RawClient client(port_);
  const RawAnswer answer = client.get("/api/v1/query?query=" + percent_encoded(query));
  REQUIRE_MESSAGE(answer.status == 200, query, ": ", answer.body);
  return nlohmann::json::parse(answer.body).at("data").at("result");
}

double Prometheus::value(const std::string& query) const {
  const nlohmann::json result = this->query(query);
  if (result.empty()) return std::numeric_limits<double>::quiet_NaN();
  REQUIRE_MESSAGE(result.size() == 1, query, ": ", result.dump());
  return std::stod(result[0].at("value")[1].get<std::string>());
}

bool Prometheus::wait_for(const std::string& query, double value) const {
  const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(20);
  while (std::chrono::steady_clock::now() < end) {
    if (this->value(query) >= value) return true;
  }
  return false;
}

}  // namespace perigee
