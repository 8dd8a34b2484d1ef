#include "engine/output/summary_json.h"

#include <array>
#include <cmath>

#include <fmt/format.h>
#include <openssl/evp.h>

namespace perigee {

using Json = nlohmann::json;

Json json_number(double value) {
  constexpr double kExact = 9007199254740992;
  if (std::abs(value) < kExact && std::trunc(value) == value) return static_cast<int64_t>(value);
  return value;
}

std::string path_id(std::string_view path) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned length = 0;
  EVP_Digest(path.data(), path.size(), digest.data(), &length, EVP_md5(), nullptr);
  std::string hex;
  for (unsigned i = 0; i < length; ++i)
    hex += fmt::format("{:02x}", digest[i]);
  return hex;
}

Json json_values(const SummaryMetric& metric, const char* share) {
  Json values = Json::object();
  for (const auto& [stat, value] : metric.values) {
    const bool is_share = metric.kind == MetricKind::kRate && stat == "rate";
    values[is_share ? share : stat] = json_number(value);
  }
  return values;
}

std::string json_text(const Json& json) {
  return json.dump(4, ' ', false, Json::error_handler_t::replace);
}

}  // namespace perigee
