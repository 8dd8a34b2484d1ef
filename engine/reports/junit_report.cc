#include "engine/reports/junit_report.h"

#include <string_view>
#include <vector>

#include <fmt/format.h>

#include "engine/output/humanize.h"
#include "engine/output/text_rows.h"
#include "engine/output/time_text.h"
#include "engine/reports/markup.h"

namespace perigee::reports {
namespace {

struct TestCase {
  std::string suite;  // as the case's class
  std::string name;
  std::string failure{};  // empty for a success
};

std::vector<TestCase> threshold_cases(const Report& report) {
  std::vector<TestCase> cases;
  for (const SummaryMetric& metric : report.summary.metrics) {
    for (const SummaryThreshold& threshold : metric.thresholds) {
      TestCase test{.suite = metric.name, .name = threshold.source};
      if (!threshold.ok) {
        test.failure = fmt::format("{}: wanted {}, measured {}", metric.name, threshold.source,
                                   observed_text(metric, threshold, report.summary.time_unit));
      }
      cases.push_back(std::move(test));
    }
  }
  return cases;
}

void add_checks(const SummaryGroup& group, std::vector<TestCase>& cases) {
  for (const SummaryCheck& check : group.checks) {
    const uint64_t total = check.passes + check.fails;
    TestCase test{.suite = group.path.empty() ? "checks" : "checks" + group.path,
                  .name = check.name};
    if (check.fails > 0) {
      test.failure =
          fmt::format("{} of {} failed ({})", check.fails, total,
                      human_share(static_cast<double>(check.fails) / static_cast<double>(total)));
    }
    cases.push_back(std::move(test));
  }
  for (const SummaryGroup& child : group.groups)
    add_checks(child, cases);
}

std::vector<TestCase> run_cases(const Report& report) {
  TestCase complete{.suite = report.header.script, .name = "the run is complete"};
  if (!report.ended()) complete.failure = fmt::format("it ended by: {}", report.end.reason);
  if (!report.end.error.empty()) complete.failure += ": " + report.end.error;
  TestCase passed{.suite = report.header.script, .name = "the script has not marked it as failed"};
  if (report.end.marked_failed) passed.failure = "it called test.fail()";
  return {complete, passed};
}

size_t failures_of(const std::vector<TestCase>& cases) {
  size_t failures = 0;
  for (const TestCase& test : cases)
    failures += test.failure.empty() ? 0 : 1;
  return failures;
}

void append_case(std::string& text, const TestCase& test) {
  text += fmt::format("    <testcase classname=\"{}\" name=\"{}\"", escape_markup(test.suite),
                      escape_markup(test.name));
  if (test.failure.empty()) {
    text += "/>\n";
    return;
  }
  const std::string message = escape_markup(test.failure);
  text +=
      fmt::format(">\n      <failure message=\"{0}\">{0}</failure>\n    </testcase>\n", message);
}

void append_suite(std::string& text, std::string_view name, const std::vector<TestCase>& cases,
                  const Report& report) {
  if (cases.empty()) return;
  std::string started;
  // JUnit's times have no zone.
  TimeText(TimeFormat::kRfc3339)
      .append(started, std::chrono::floor<std::chrono::seconds>(report.header.started));
  if (started.ends_with('Z')) started.pop_back();
  text += fmt::format(
      "  <testsuite name=\"{}\" tests=\"{}\" failures=\"{}\" errors=\"0\" skipped=\"0\" "
      "time=\"{:.3f}\" timestamp=\"{}\" hostname=\"{}\">\n",
      name, cases.size(), failures_of(cases), to_seconds(report.summary.test_run_duration), started,
      escape_markup(report.header.host));
  for (const TestCase& test : cases)
    append_case(text, test);
  text += "  </testsuite>\n";
}

}  // namespace

std::string junit_report(const Report& report) {
  const std::vector<TestCase> run = run_cases(report);
  const std::vector<TestCase> thresholds = threshold_cases(report);
  std::vector<TestCase> checks;
  add_checks(report.summary.root, checks);
  std::string text = fmt::format(
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
      "<testsuites name=\"{}\" tests=\"{}\" failures=\"{}\" errors=\"0\" time=\"{:.3f}\">\n",
      escape_markup(report.header.script), run.size() + thresholds.size() + checks.size(),
      failures_of(run) + failures_of(thresholds) + failures_of(checks),
      to_seconds(report.summary.test_run_duration));
  append_suite(text, "run", run, report);
  append_suite(text, "thresholds", thresholds, report);
  append_suite(text, "checks", checks, report);
  return text + "</testsuites>\n";
}

}  // namespace perigee::reports
