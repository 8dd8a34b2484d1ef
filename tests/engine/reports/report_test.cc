// What a report says of a run, before it is laid out.
#include "engine/reports/report.h"

#include <string>

#include <doctest/doctest.h>

#include "engine/reports/tables.h"
#include "tests/engine/reports/sample_run.h"

namespace perigee::reports {

TEST_CASE("requests are told apart by name and protocol, with their statuses") {
  SampleRun run;
  for (int i = 0; i < 3; ++i)
    run.request("/login", 200, 10);
  run.request("/login", 503, 30);
  run.call("/S/M", 0, 2);
  run.call("/S/M", 14, 4);
  run.request("/gone", 0, 0, "dial: connection refused");
  run.tick();
  const Report report = run.report();
  REQUIRE(report.names.size() == 3);
  const NamedRequests& login = report.names[0];
  CHECK(login.name == "/login");
  CHECK(login.count == 4);
  CHECK(login.failed == 1);
  CHECK(login.statuses == std::map<std::string, uint64_t>{{"200", 3}, {"503", 1}});
  CHECK(login.latency.max() == 30);
  CHECK(report.names[1].protocol == "grpc");
  CHECK(report.names[1].statuses == std::map<std::string, uint64_t>{{"OK", 1}, {"UNAVAILABLE", 1}});
  CHECK(report.names[2].statuses == std::map<std::string, uint64_t>{{"no response", 1}});
}

TEST_CASE("failures are counted by kind, the most frequent first") {
  SampleRun run;
  for (int i = 0; i < 5; ++i)
    run.request(std::to_string(i), 503, 1);
  run.request("a", 0, 0, "dial: connection refused");
  run.request("b", 0, 0, "dial: connection refused");
  run.call("c", 14, 1);
  for (int i = 0; i < 3; ++i)
    run.check("is fine", false);
  run.check("is fine", true);
  run.add(run.metrics().builtins.dropped_iterations, {}, 1, 4);
  run.tick();
  const Report report = run.report();
  std::vector<std::string> kinds;
  for (const FailureKind& failure : report.failures)
    kinds.push_back(failure.kind + "|" + failure.detail + "|" + std::to_string(failure.count));
  CHECK(kinds == std::vector<std::string>{"HTTP 503||5", "dropped_iterations||4", "check|is fine|3",
                                          "HTTP error 1212|dial: connection refused|2",
                                          "gRPC UNAVAILABLE||1"});
}

TEST_CASE("trends that people look at first come first") {
  SampleRun run;
  run.add(run.metrics().size, {}, 3);
  run.add(run.metrics().builtins.loop_lag, {}, 3);
  run.add(run.metrics().builtins.iteration_duration, {}, 3);
  run.call("c", 0, 1);
  run.request("a", 200, 1);
  run.tick();
  const Report report = run.report();
  std::vector<std::string> names;
  for (const TrendTotal& trend : report.trends)
    names.push_back(trend.name);
  CHECK(names == std::vector<std::string>{"http_req_duration", "grpc_req_duration", "size",
                                          "iteration_duration", "loop_lag"});
}

TEST_CASE("the verdict says how many thresholds failed and how the run ended") {
  const auto text_of = [](const std::vector<std::pair<std::string, std::string>>& thresholds,
                          const std::string& reason) {
    SampleRun run(thresholds);
    run.request("a", 200, 50);
    run.tick();
    run.end().reason = reason;
    return verdict_text(run.report());
  };
  CHECK(text_of({}, "complete") == "no thresholds");
  CHECK(text_of({{"http_reqs", "count>0"}}, "complete") == "the threshold holds");
  CHECK(text_of({{"http_reqs", "count>1"}}, "complete") == "the threshold failed");
  CHECK(text_of({{"http_reqs", "count>0"}, {"http_req_failed", "rate<0.1"}}, "complete") ==
        "all 2 thresholds hold");
  CHECK(text_of({{"http_reqs", "count>1"}, {"http_req_failed", "rate<0.1"}}, "signal") ==
        "1 of 2 thresholds failed; the run is not complete: signal");
}

TEST_CASE("values of options that may be secrets are hidden") {
  SampleRun run;
  run.header().options_json =
      R"({"scenarios":{"s":{"env":{"TOKEN":"abc"},"vus":3}},"tlsAuth":[{"key":"PEM","password":"p","cert":"C"}]})";
  run.tick();
  const std::string options = shown_options(run.report());
  CHECK(options.find("abc") == std::string::npos);
  CHECK(options.find("PEM") == std::string::npos);
  CHECK(options.find(R"("TOKEN": "***")") != std::string::npos);
  CHECK(options.find(R"("password": "***")") != std::string::npos);
  CHECK(options.find(R"("vus": 3)") != std::string::npos);
  CHECK(options.find(R"("cert": "C")") != std::string::npos);
}

}  // namespace perigee::reports
