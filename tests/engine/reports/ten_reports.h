// The reports of ten kinds of runs, from the shortest to the longest.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "tests/engine/reports/sample_run.h"

namespace perigee::reports {

struct NamedReport {
  std::string name;
  Report report;
  uint64_t requests;
};

// Steady requests for some seconds.
inline void load(SampleRun& run, int seconds_long, int status = 200) {
  for (int second = 0; second < seconds_long; ++second) {
    run.request("/a", status, 10 + second % 5);
    run.request("/b", status, 20);
    run.check("is fine", status == 200);
    run.tick(seconds(1), 2);
  }
}

inline Report report_of_load(int seconds_long, int status = 200,
                             std::vector<std::string> warnings = {}) {
  SampleRun run;
  load(run, seconds_long, status);
  return run.report(std::move(warnings));
}

inline Report report_without_requests() {
  SampleRun run;
  run.tick();
  return run.report();
}

inline Report report_of_500_names() {
  SampleRun run;
  for (int i = 0; i < 500; ++i)
    run.request("/item/" + std::to_string(i) + "?<b>&\"'|`", 200, i);
  run.tick();
  return run.report();
}

inline Report report_of_5_scenarios() {
  SampleRun run;
  for (int i = 0; i < 5; ++i) {
    run.header().scenarios.push_back("scenario " + std::to_string(i));
    run.request("/of/" + std::to_string(i), 200, i + 1);
  }
  run.tick();
  return run.report();
}

inline Report report_that_was_cut_off() {
  SampleRun run;
  load(run, 4);
  run.end().reason = "signal";
  return run.report();
}

inline Report report_of_three_parts() {
  SampleRun run;
  load(run, 6);
  run.header().parts = {"part 1", "part 2", "part 3"};
  return run.report();
}

inline Report report_with_thresholds_of_every_kind() {
  SampleRun run({{"http_reqs", "count>1"},
                 {"http_reqs", "rate<0.001"},
                 {"http_req_failed", "rate<0.5"},
                 {"http_req_duration", "p(99.9)<5"},
                 {"http_req_duration", "avg<500"},
                 {"http_req_duration{name:/a}", "med<500"},
                 {"vus", "value>0"},
                 {"checks", "rate>0.9"},
                 {"size", "max<3"}});
  load(run, 5);
  return run.report();
}

inline std::vector<NamedReport> ten_reports() {
  std::vector<NamedReport> reports;
  reports.push_back({"one second", report_of_load(1), 2});
  reports.push_back({"eight hours", report_of_load(8 * 3600), 2 * 8 * 3600});
  reports.push_back({"no request", report_without_requests(), 0});
  reports.push_back({"500 names", report_of_500_names(), 500});
  reports.push_back({"5 scenarios", report_of_5_scenarios(), 5});
  reports.push_back({"all failed", report_of_load(3, 503), 6});
  reports.push_back({"cut off", report_that_was_cut_off(), 8});
  reports.push_back({"three parts", report_of_three_parts(), 12});
  reports.push_back({"thresholds", report_with_thresholds_of_every_kind(), 10});
  reports.push_back({"warnings", report_of_load(2, 200, {"A worker was busy <all> the time."}), 4});
  return reports;
}

}  // namespace perigee::reports
