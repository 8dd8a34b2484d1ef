#include "engine/output/summary_export.h"

#include <array>
#include <cmath>
#include <string_view>
#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <openssl/evp.h>

#include "engine/output/file_writer.h"

namespace perigee {
namespace {

using Json = nlohmann::json;

// Whole numbers are written without a fraction, as k6 does.
Json number(double value) {
  constexpr double kExact = 9007199254740992;
  if (std::abs(value) < kExact && std::trunc(value) == value) return static_cast<int64_t>(value);
  return value;
}

std::string md5(std::string_view text) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned length = 0;
  EVP_Digest(text.data(), text.size(), digest.data(), &length, EVP_md5(), nullptr);
  std::string hex;
  for (unsigned i = 0; i < length; ++i)
    hex += fmt::format("{:02x}", digest[i]);
  return hex;
}

Json export_check(const SummaryCheck& check) {
  return {{"name", check.name},
          {"path", check.path},
          {"id", md5(check.path)},
          {"passes", check.passes},
          {"fails", check.fails}};
}

Json export_group(const SummaryGroup& group) {
  Json groups = Json::object();
  for (const SummaryGroup& child : group.groups)
    groups[child.name] = export_group(child);
  Json checks = Json::object();
  for (const SummaryCheck& check : group.checks)
    checks[check.name] = export_check(check);
  return {{"name", group.name},
          {"path", group.path},
          {"id", md5(group.path)},
          {"groups", std::move(groups)},
          {"checks", std::move(checks)}};
}

Json export_values(const SummaryMetric& metric, const Summary& summary) {
  Json values = Json::object();
  switch (metric.kind) {
    case MetricKind::kCounter: {
      const double sum = metric.sink.counter().sum;
      values["count"] = number(sum);
      values["rate"] = number(summary.load_seconds > 0 ? sum / summary.load_seconds : 0);
      break;
    }
    case MetricKind::kGauge: {
      const GaugeReading& gauge = metric.sink.gauge();
      values["value"] = number(gauge.value);
      values["min"] = number(gauge.samples == 0 ? 0 : gauge.min);
      values["max"] = number(gauge.samples == 0 ? 0 : gauge.max);
      break;
    }
    case MetricKind::kRate: {
      const RateTotal& rate = metric.sink.rate();
      values["value"] = number(rate.share());
      values["passes"] = rate.nonzero;
      values["fails"] = rate.total - rate.nonzero;
      break;
    }
    case MetricKind::kTrend:
      for (const Aggregate& stat : summary.trend_stats) {
        values[to_string(stat)] = number(value_of(stat, metric.sink.trend()));
      }
      break;
  }
  return values;
}

Json export_metric(const SummaryMetric& metric, const Summary& summary) {
  Json values = export_values(metric, summary);
  for (const SummaryThreshold& threshold : metric.thresholds) {
    values["thresholds"][threshold.source] = !threshold.ok;
  }
  return values;
}

}  // namespace

std::string summary_export(const Summary& summary) {
  Json metrics = Json::object();
  for (const SummaryMetric& metric : summary.metrics) {
    metrics[metric.name] = export_metric(metric, summary);
  }
  Json exported{{"root_group", export_group(summary.root)}, {"metrics", std::move(metrics)}};
  if (!summary.setup_data.empty()) exported["setup_data"] = Json::parse(summary.setup_data);
  return exported.dump(4, ' ', false, Json::error_handler_t::replace);
}

void write_summary_export(const std::string& path, const Summary& summary) {
  const auto file = open_writer(path);
  file->write(summary_export(summary));
  file->close();
}

}  // namespace perigee
