#include "engine/export/influx/influx_lines.h"

#include <doctest/doctest.h>

#include "tests/engine/export/run_book.h"

namespace perigee::exports {

TEST_CASE("each kind of metric has its fields") {
  RunBook run;
  run.add(run.metric("http_reqs", MetricKind::kCounter), {{"status", "200"}}, {1, 1});
  run.add(run.metric("checks", MetricKind::kRate), {{"check", "is ok"}}, {1, 0, 0, 0});
  run.add(run.metric("vus", MetricKind::kGauge), {}, {7});
  run.add(run.metric("size", MetricKind::kTrend), {}, {2, 2});
  CHECK(influx_lines(run.book, {}, 17) ==
        "checks,check=is\\ ok value=0.25,nonzero=1i,total=4i 17\n"
        "http_reqs,status=200 value=2 17\n"
        "size value=2,count=2i,sum=4,min=2,max=2,med=2,p90=2,p95=2,p99=2 17\n"
        "vus value=7 17\n");
}

TEST_CASE("what would break a line is escaped, or becomes a blank") {
  CHECK(influx_text("a b,c=d") == "a\\ b\\,c\\=d");
  CHECK(influx_text("two\nlines") == "two\\ lines");
  CHECK(influx_text("C:\\dir\\") == "C:\\dir");
  CHECK(influx_text("\\") == "_");
}

TEST_CASE("tags that are to be fields are, in their types") {
  RunBook run;
  run.add(run.metric("http_reqs", MetricKind::kCounter),
          {{"n", "5"}, {"r", "1.5"}, {"f", "true"}, {"t", "a\"b\\c"}, {"x", "word"}, {"k", "v"}},
          {1});
  const std::vector<TagField> fields{{"n", TagField::Type::kInteger},
                                     {"r", TagField::Type::kReal},
                                     {"f", TagField::Type::kFlag},
                                     {"t", TagField::Type::kText},
                                     {"x", TagField::Type::kInteger}};
  CHECK(influx_lines(run.book, fields, 1) ==
        "http_reqs,k=v value=1,f=true,n=5i,r=1.5,t=\"a\\\"b\\\\c\" 1\n");
}

TEST_CASE("series that differ in such tags alone are one point, of which nothing is lost") {
  RunBook run;
  const MetricId reqs = run.metric("http_reqs", MetricKind::kCounter);
  run.add(reqs, {{"name", "n"}, {"url", "/1"}}, {1});
  run.add(reqs, {{"name", "n"}, {"url", "/2"}}, {1, 1});
  const std::vector<TagField> fields{{"url", TagField::Type::kText}};
  CHECK(influx_lines(run.book, fields, 1) == "http_reqs,name=n value=3,url=\"/2\" 1\n");
}

}  // namespace perigee::exports
