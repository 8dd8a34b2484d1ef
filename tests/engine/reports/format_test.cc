// Reports of ten kinds of runs in every format.
#include "engine/reports/format.h"

#include <algorithm>
#include <string>

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include "engine/base/config_error.h"
#include "engine/reports/png_report.h"
#include "tests/engine/reports/ten_reports.h"

namespace perigee::reports {
namespace {

bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

size_t count(const std::string& text, const std::string& part) {
  size_t found = 0;
  for (size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1))
    ++found;
  return found;
}

const std::vector<NamedReport>& reports() {
  static const std::vector<NamedReport> kReports = ten_reports();
  return kReports;
}

const Report& report_named(const std::string& name) {
  const auto found = std::find_if(reports().begin(), reports().end(),
                                  [&](const NamedReport& it) { return it.name == name; });
  REQUIRE(found != reports().end());
  return found->report;
}

std::string error_of(const auto& call) {
  try {
    call();
  } catch (const ConfigError& error) {
    return error.what();
  }
  return "no error";
}

// The data of a page's charts.
nlohmann::json data_of(const std::string& page) {
  const std::string mark = R"(<script type="application/json" id="data">)";
  const size_t from = page.find(mark) + mark.size();
  return nlohmann::json::parse(page.substr(from, page.find("</script>", from) - from));
}

}  // namespace

TEST_CASE("every report has its number of requests in every format") {
  for (const auto& [name, report, requests] : reports()) {
    const std::string& title = name;
    CAPTURE(title);
    const std::string number = std::to_string(requests);
    for (const Format format : {Format::kText, Format::kJson, Format::kMarkdown, Format::kHtml}) {
      const std::string text = render(report, format);
      CHECK((requests == 0 || has(text, number)));
      CHECK(text.ends_with('\n'));
    }
    const std::string csv = render(report, Format::kCsv);
    CHECK((requests == 0 || has(csv, "http_reqs,,count," + number + "\n")));
    CHECK(has(render(report, Format::kJunit), "name=\"the run is complete\""));
  }
}

TEST_CASE("the charts' data of every page is complete and small") {
  for (const auto& [name, report, requests] : reports()) {
    const std::string& title = name;
    CAPTURE(title);
    const std::string page = render(report, Format::kHtml);
    CHECK(page.size() < 3'000'000);
    const nlohmann::json data = data_of(page);
    const size_t steps = data["from"].size();
    CHECK(steps > 0);
    CHECK(steps <= kMaxSteps);
    for (const auto& rate : data["rates"])
      CHECK(rate["values"].size() == steps);
    for (const auto& trend : data["trends"])
      CHECK(trend["p95"].size() == steps);
    CHECK(data["trends"].empty() == (requests == 0));
  }
}

TEST_CASE("nothing that comes from outside becomes markup") {
  const std::string page = render(report_named("500 names"), Format::kHtml);
  CHECK_FALSE(has(page, "?<b>"));
  CHECK(has(page, "/item/7?&lt;b&gt;&amp;&quot;&apos;|`"));
  const std::string markdown = render(report_named("500 names"), Format::kMarkdown);
  CHECK(has(markdown, "?&lt;b&gt;&amp;&quot;&apos;\\|\\`"));
  CHECK(has(markdown, "… and 400 more."));
  SampleRun run;
  run.header().script = "</script><script>alert(1)</script>";
  run.add(run.metrics().size, {{"name", "x"}}, 1);
  run.request("=1+1,\"x\"", 200, 1, "</script><!--");
  run.tick();
  const Report report = run.report({"-->"});
  const std::string odd = render(report, Format::kHtml);
  CHECK_FALSE(has(odd, "<script>alert"));
  CHECK(count(odd, "</script>") == count(odd, "<script"));
  CHECK(has(render(report, Format::kCsv), "http_reqs,\"'=1+1,\"\"x\"\"\",count,1\n"));
  CHECK_FALSE(has(render(report, Format::kJunit), "<script>"));
}

TEST_CASE("a page needs nothing from elsewhere") {
  const std::string page = render(report_named("thresholds"), Format::kHtml);
  CHECK_FALSE(has(page, "src=\""));
  CHECK_FALSE(has(page, "<link"));
  CHECK(has(page, "default-src 'none'"));
  CHECK(has(page, "Permission is hereby granted"));
}

TEST_CASE("thresholds and checks are test cases with what was measured") {
  const std::string xml = render(report_named("thresholds"), Format::kJunit);
  CHECK(has(xml, R"(<testsuite name="thresholds" tests="9" failures="3")"));
  CHECK(has(xml, R"(<testcase classname="http_req_duration{name:/a}" name="med&lt;500"/>)"));
  CHECK(has(xml, "wanted p(99.9)&lt;5, measured p(99.9)=20ms"));
  CHECK(has(xml, R"(<testcase classname="size" name="max&lt;3"/>)"));
  CHECK(has(render(report_named("all failed"), Format::kJunit), "3 of 3 failed (100.00%)"));
  CHECK(has(render(report_named("cut off"), Format::kJunit), "it ended by: signal"));
}

TEST_CASE("warnings, the end and parts are said") {
  const std::string page = render(report_named("warnings"), Format::kHtml);
  CHECK(has(page, "A worker was busy &lt;all&gt; the time."));
  CHECK_FALSE(has(page, "Nothing suggests"));
  CHECK(has(render(report_named("one second"), Format::kHtml), "Nothing suggests that the load"));
  CHECK(has(render(report_named("warnings"), Format::kMarkdown), "> [!WARNING]\n> - A worker"));
  CHECK(has(render(report_named("cut off"), Format::kHtml), "the run is not complete: signal"));
  CHECK(has(render(report_named("three parts"), Format::kMarkdown), "| Runs or parts in it | 3 |"));
}

TEST_CASE("what gnuplot is told has nothing in it that it would run") {
  SampleRun run;
  run.header().script = "it's `reboot`.lua";
  run.add(run.metrics().requests, {{"status", "'; system('reboot')"}}, 1);
  run.tick();
  const std::string script = png_script(run.report(), "picture.png");
  CHECK(has(script, "title 'it s  reboot .lua: no thresholds'"));
  CHECK(has(script, "title ' ; system( reboot )'"));
}

TEST_CASE("every report is a workbook, and a picture where there is gnuplot") {
  for (const auto& [name, report, requests] : reports()) {
    const std::string& title = name;
    CAPTURE(title);
    CHECK(render(report, Format::kXlsx).starts_with("PK"));
    CHECK(render(report, Format::kPng).starts_with("\x89PNG"));
  }
}

TEST_CASE("the ending of a file says the format") {
  CHECK(format_of_file("a/b.html") == Format::kHtml);
  CHECK(format_of_file("summary.md") == Format::kMarkdown);
  CHECK(format_of_file("junit.xml") == Format::kJunit);
  CHECK(format_of_file("x.csv") == Format::kCsv);
  CHECK(format_of_file("x.json") == Format::kJson);
  CHECK(format_of_file("x.txt") == Format::kText);
  CHECK(has(error_of([] { format_of_file("report.pdf"); }), ".html"));
  CHECK(has(error_of([] { format_of_file("html"); }), "or name one: --format"));
  CHECK(parse_format("markdown") == Format::kMarkdown);
  CHECK(has(error_of([] { parse_format("jsom"); }), "did you mean \"json\"?"));
}

}  // namespace perigee::reports
