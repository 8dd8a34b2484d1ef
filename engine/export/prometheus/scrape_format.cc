#include "engine/export/prometheus/scrape_format.h"

#include <charconv>
#include <optional>
#include <utility>

#include "engine/export/prometheus/scrape_protobuf.h"
#include "engine/export/prometheus/scrape_text.h"
#include "engine/http/header_fields.h"

namespace perigee::exports {
namespace {

constexpr std::string_view kMessage = "io.prometheus.client.MetricFamily";

// The text up to the separator, which goes along with it.
std::string_view take_part(std::string_view& text, char separator) {
  const size_t end = std::min(text.find(separator), text.size());
  const std::string_view part = text.substr(0, end);
  text.remove_prefix(std::min(end + 1, text.size()));
  return http::trim(part);
}

std::string_view unquoted(std::string_view text) {
  const bool quoted = text.size() >= 2 && text.front() == '"' && text.back() == '"';
  return quoted ? text.substr(1, text.size() - 2) : text;
}

// One of the formats that an Accept header lists.
struct MediaRange {
  explicit MediaRange(std::string_view text) : type(take_part(text, ';')) {
    while (!text.empty()) {
      std::string_view value = take_part(text, ';');
      const std::string_view name = take_part(value, '=');
      set(name, unquoted(http::trim(value)));
    }
  }

  void set(std::string_view name, std::string_view value) {
    if (name == "proto") message = value;
    if (name == "encoding") encoding = value;
    if (name == "version") version = value;
    if (name == "q") std::from_chars(value.data(), value.data() + value.size(), quality);
  }

  std::optional<ScrapeFormat> format() const {
    if (type == "application/vnd.google.protobuf") {
      if (message == kMessage && encoding == "delimited") return ScrapeFormat::kProtobuf;
      return std::nullopt;
    }
    if (type == "application/openmetrics-text") {
      const bool known = version.empty() || version == "1.0.0" || version == "0.0.1";
      return known ? std::optional(ScrapeFormat::kOpenMetrics) : std::nullopt;
    }
    const bool text = type == "text/plain" || type == "text/*" || type == "*/*";
    return text ? std::optional(ScrapeFormat::kText) : std::nullopt;
  }

  std::string_view type, message, encoding, version;
  double quality = 1;
};

}  // namespace

ScrapeFormat choose_format(std::string_view accept) {
  ScrapeFormat best = ScrapeFormat::kText;
  double best_quality = 0;
  while (!accept.empty()) {
    const MediaRange range(take_part(accept, ','));
    const std::optional<ScrapeFormat> format = range.format();
    if (!format || range.quality <= best_quality) continue;
    best = *format;
    best_quality = range.quality;
  }
  return best;
}

bool accepts_gzip(std::string_view accept_encoding) {
  std::optional<double> gzip;
  double others = 0;
  while (!accept_encoding.empty()) {
    const MediaRange coding(take_part(accept_encoding, ','));
    const std::string name = http::to_lower(coding.type);
    if (name == "gzip" || name == "x-gzip") gzip = coding.quality;
    if (coding.type == "*") others = coding.quality;
  }
  return gzip.value_or(others) > 0;
}

std::string_view content_type_of(ScrapeFormat format) {
  switch (format) {
    case ScrapeFormat::kOpenMetrics:
      return "application/openmetrics-text; version=1.0.0; charset=utf-8";
    case ScrapeFormat::kProtobuf:
      return "application/vnd.google.protobuf; proto=io.prometheus.client.MetricFamily; "
             "encoding=delimited";
    case ScrapeFormat::kText:
      break;
  }
  return "text/plain; version=0.0.4; charset=utf-8";
}

std::string write_page(ScrapeFormat format, const std::vector<MetricFamily>& families) {
  if (format == ScrapeFormat::kProtobuf) return protobuf_page(families);
  return format == ScrapeFormat::kOpenMetrics ? open_metrics_page(families) : text_page(families);
}

}  // namespace perigee::exports
