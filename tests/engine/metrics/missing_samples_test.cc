#include "engine/metrics/missing_samples.h"

#include <doctest/doctest.h>

#include "engine/metrics/shard.h"

namespace perigee {
namespace {

struct Fixture {
  Fixture() {
    declare_builtins(registry);
    registry.add("http_req_duration", MetricKind::kTrend, ValueKind::kTime);
    registry.add("http_reqs", MetricKind::kCounter);
    registry.add("login_time", MetricKind::kTrend);
    registry.add("login_times", MetricKind::kTrend);
    registry.add("logins", MetricKind::kCounter);
    registry.add("login", MetricKind::kCounter);
  }

  void add(const char* metric, const TagSet& tags) {
    MetricShard shard(registry);
    shard.add(shard.series(registry.find(metric)->id, shard.tags().intern(tags)), 1, Instant{});
    aggregator.add(shard.take(Instant{}, Instant{}));
  }

  std::string explain(const char* selector, const SystemTags& tags = {}) const {
    return explain_missing_samples(parse_selector(selector), aggregator, tags);
  }

  MetricRegistry registry;
  Aggregator aggregator{registry, {}};
};

TEST_CASE_FIXTURE(Fixture, "a misspelt tag is explained by the closest that samples have") {
  add("http_req_duration", {{"status", "200"}, {"method", "GET"}});
  CHECK(explain("http_req_duration{staus:200}") ==
        R"(no sample of http_req_duration has the tag "staus" (did you mean "status"?))");
  CHECK(explain("http_req_duration{Method:GET}") ==
        R"(no sample of http_req_duration has the tag "Method" (did you mean "method"?))");
  CHECK(explain("http_req_duration{zebra:1}") ==
        R"(no sample of http_req_duration has the tag "zebra")");
}

TEST_CASE_FIXTURE(Fixture, "a misspelt value is explained by the closest, or by those there are") {
  add("http_req_duration", {{"name", "infer"}, {"status", "200"}});
  add("http_req_duration", {{"name", "ready"}, {"status", "404"}});
  CHECK(explain("http_req_duration{name:infr}") ==
        R"(no sample of http_req_duration has "infr" in its tag "name" (did you mean "infer"?))");
  CHECK(explain("http_req_duration{name:something else}") ==
        R"(no sample of http_req_duration has "something else" in its tag "name"; )"
        R"(there are "infer", "ready")");
  // Numbers are not misspelt.
  CHECK(explain("http_req_duration{status:201}") ==
        R"(no sample of http_req_duration has "201" in its tag "status"; there are "200", "404")");
}

TEST_CASE_FIXTURE(Fixture, "an empty value is not offered") {
  add("http_req_duration", {{"group", ""}});
  CHECK(explain("http_req_duration{group:a}") ==
        R"(no sample of http_req_duration has "a" in its tag "group")");
}

TEST_CASE_FIXTURE(Fixture, "many values are not listed") {
  for (int i = 0; i < 9; ++i)
    add("http_req_duration", {{"name", "request number " + std::to_string(i)}});
  CHECK(explain("http_req_duration{name:a}") ==
        R"(no sample of http_req_duration has "a" in its tag "name")");
}

TEST_CASE_FIXTURE(Fixture, "a group is found by its name or a part of its path") {
  add("http_req_duration", {{"group", ""}});
  add("http_req_duration", {{"group", "::login"}});
  add("http_req_duration", {{"group", "::checkout::pay by card"}});
  const auto meant = [&](const char* written) {
    const std::string why =
        explain((std::string("http_req_duration{group:") + written + "}").c_str());
    const size_t from = why.find("mean \"");
    return from == std::string::npos ? why : why.substr(from + 6, why.rfind('"') - from - 6);
  };
  CHECK(meant("login") == "::login");
  CHECK(meant(":login") == "::login");
  CHECK(meant("::lgoin") == "::login");
  CHECK(meant("pay by card") == "::checkout::pay by card");
  CHECK(meant("checkout::pay by card") == "::checkout::pay by card");
  CHECK(meant("::pay by card") == "::checkout::pay by card");
}

TEST_CASE_FIXTURE(Fixture, "a metric that nobody adds to is explained by one of its kind") {
  add("login_times", {});
  add("login", {});
  CHECK(explain("login_time") ==
        R"(there is no sample of login_time (did you mean "login_times"?))");
  CHECK(explain("checks") == "there is no sample of checks");
  CHECK(explain("logins") == R"(there is no sample of logins (did you mean "login"?))");
}

TEST_CASE_FIXTURE(Fixture, "of a counter whose tags are known, 0 is no surprise") {
  add("http_reqs", {{"status", "200"}, {"name", "infer"}});
  CHECK(explain("http_reqs{status:500}").empty());
  CHECK(explain("http_reqs{status:200,name:other thing}").empty());
  CHECK(explain("dropped_iterations").empty());
  // But a misspelt one is.
  CHECK(explain("http_reqs{staus:500}") ==
        R"(no sample of http_reqs has the tag "staus" (did you mean "status"?))");
  CHECK(explain("http_reqs{name:infr}") ==
        R"(no sample of http_reqs has "infr" in its tag "name" (did you mean "infer"?))");
}

TEST_CASE_FIXTURE(Fixture,
                  "of a metric without samples the tags are compared with those of others") {
  add("http_reqs", {{"scenario", "steady"}});
  CHECK(explain("dropped_iterations{scenario:stedy}") ==
        R"(no sample of dropped_iterations has "stedy" in its tag "scenario" )"
        R"((did you mean "steady"?))");
  CHECK(explain("dropped_iterations{scenario:steady}").empty());
  CHECK(explain("http_req_duration{scenario:steady}") == "there is no sample of http_req_duration");
}

TEST_CASE_FIXTURE(Fixture, "tags that never meet are told as such") {
  add("http_req_duration", {{"method", "GET"}, {"status", "200"}});
  add("http_req_duration", {{"method", "PUT"}, {"status", "204"}});
  CHECK(explain("http_req_duration{method:GET,status:204}") ==
        "no sample of http_req_duration has all of these tags together");
}

TEST_CASE_FIXTURE(Fixture,
                  "tags that samples can't have are named with the reason, and not offered") {
  add("http_req_duration", {{"method", "GET"}});
  CHECK(explain("http_req_duration{vu:1}") ==
        R"("vu" is no tag of metrics, it goes with the rows of raw outputs only)");
  CHECK(explain("http_req_duration{status:200}", SystemTags({"method"})) ==
        R"(the option systemTags leaves out the tag "status")");
  // "iter" would be close.
  CHECK(explain("http_req_duration{itr:1}") ==
        R"(no sample of http_req_duration has the tag "itr")");
}

}  // namespace
}  // namespace perigee
