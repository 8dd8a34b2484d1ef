// The formats that a scrape can have, and which one a scraper wants.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "engine/export/prometheus/metric_family.h"

namespace perigee::exports {

enum class ScrapeFormat { kText, kOpenMetrics, kProtobuf };

// What an Accept header likes best of the three; the text where it likes none.
ScrapeFormat choose_format(std::string_view accept);

// Whether an Accept-Encoding header allows gzip.
bool accepts_gzip(std::string_view accept_encoding);

std::string_view content_type_of(ScrapeFormat format);

// The page.
std::string write_page(ScrapeFormat format, const std::vector<MetricFamily>& families);

}  // namespace perigee::exports
