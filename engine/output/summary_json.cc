#include "engine/output/summary_json.h"

#include <array>

#include <fmt/format.h>
#include <openssl/evp.h>

namespace perigee {

using Json = nlohmann::json;

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
    values[is_share ? share : stat] = value;
  }
  return values;
}

}  // namespace perigee
