#include "engine/export/prometheus/scrape_format.h"

#include <doctest/doctest.h>

namespace perigee::exports {
namespace {

constexpr const char* kProtobuf =
    "application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited";

}  // namespace

TEST_CASE("a scraper gets what it likes best") {
  const std::string protobuf = kProtobuf;
  CHECK(choose_format("") == ScrapeFormat::kText);
  CHECK(choose_format("*/*") == ScrapeFormat::kText);
  CHECK(choose_format("text/html") == ScrapeFormat::kText);
  CHECK(choose_format("application/openmetrics-text;version=1.0.0,text/plain;q=0.5") ==
        ScrapeFormat::kOpenMetrics);
  CHECK(choose_format("application/openmetrics-text; version=\"0.0.1\"; q=0.2, text/plain;q=0.5") ==
        ScrapeFormat::kText);
  CHECK(choose_format(protobuf + ",application/openmetrics-text;version=1.0.0;q=0.8") ==
        ScrapeFormat::kProtobuf);
  CHECK(choose_format(protobuf + ";q=0.1,text/plain;q=0.2") == ScrapeFormat::kText);
}

TEST_CASE("what Prometheus itself sends is understood") {
  CHECK(choose_format("application/openmetrics-text;version=1.0.0,application/openmetrics-text;"
                      "version=0.0.1;q=0.75,text/plain;version=0.0.4;q=0.5,*/*;q=0.1") ==
        ScrapeFormat::kOpenMetrics);
  CHECK(choose_format("application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;"
                      "encoding=delimited;q=0.6,application/openmetrics-text;version=1.0.0;"
                      "escaping=allow-utf-8;q=0.5,application/openmetrics-text;version=0.0.1;q=0.4,"
                      "text/plain;version=1.0.0;escaping=allow-utf-8;q=0.3,text/plain;"
                      "version=0.0.4;q=0.2,/;q=0.1") == ScrapeFormat::kProtobuf);
}

TEST_CASE("formats of other versions and forms are not promised") {
  CHECK(choose_format("application/openmetrics-text;version=2.0.0") == ScrapeFormat::kText);
  CHECK(choose_format("application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;"
                      "encoding=text") == ScrapeFormat::kText);
  CHECK(choose_format("application/vnd.google.protobuf") == ScrapeFormat::kText);
}

TEST_CASE("a format that is refused is not taken") {
  CHECK(choose_format("application/openmetrics-text;version=1.0.0;q=0") == ScrapeFormat::kText);
}

TEST_CASE("each format has its content type") {
  CHECK(content_type_of(ScrapeFormat::kText) == "text/plain; version=0.0.4; charset=utf-8");
  CHECK(content_type_of(ScrapeFormat::kOpenMetrics) ==
        "application/openmetrics-text; version=1.0.0; charset=utf-8");
  CHECK(content_type_of(ScrapeFormat::kProtobuf).starts_with("application/vnd.google.protobuf"));
}

TEST_CASE("gzip is for those who allow it") {
  for (const char* const field : {"gzip", "deflate, gzip;q=0.5", "*", "GZIP", "x-gzip, br"})
    CHECK_MESSAGE(accepts_gzip(field), field);
  for (const char* const field : {"", "identity", "gzip;q=0", "*, gzip;q=0", "deflate", "*;q=0"})
    CHECK_MESSAGE(!accepts_gzip(field), field);
}

}  // namespace perigee::exports
