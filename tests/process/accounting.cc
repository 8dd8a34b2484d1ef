#include "tests/process/accounting.h"

#include <chrono>
#include <stdexcept>

#include <doctest/doctest.h>
#include <fmt/format.h>

namespace perigee {
namespace {

constexpr const char* kHead = R"lua(
local perigee = require "perigee"
local http = require "perigee.http"
local execution = require "perigee.execution"
local started = require "perigee.metrics".counter("started")

local url = "@URL@"
local request = @REQUEST@

-- Requests carry their route as their name, so that they can be held against the target's counts.
local function get(route, argument, timeout)
  local path = route:gsub("{%w+}", tostring(argument))
  return request(url .. path, { tags = { name = route }, timeout = timeout })
end

local M = { options = { scenarios = { load = { @SCENARIO@ } } } }

function M.default()
  started:add(1)
  local n = execution.scenario.iteration_in_test
  @BODY@
end

function M.teardown()
  print("the teardown ran")
end

return M
)lua";

std::string replaced(std::string text, const std::string& what, const std::string& by) {
  const size_t at = text.find(what);
  return text.replace(at, what.size(), by);
}

// A client that speaks one version only.
std::string client_get(const std::string& version) {
  return fmt::format(R"lua((function()
  local client = http.client{{ version = "{}" }}
  return function(...) return client:get(...) end
end)())lua",
                     version);
}

// The target reads on when the run is over: what is on its way counts, too. Its count, as soon as
// it is `expected`, or after ten seconds.
uint64_t settled(const TargetProcess& target, uint64_t expected) {
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(10);
  uint64_t seen = target.requests();
  while (seen != expected && std::chrono::steady_clock::now() < deadline)
    seen = target.requests();
  return seen;
}

// Requests that failed before they were sent.
uint64_t unsent(ScriptRun& run) {
  return run.csv().rows("http_reqs", {{"error_code", "1212"}}) +
         run.csv().rows("http_reqs", {{"error_code", "1101"}});
}

// A connection that the target has closed in silence eats the request that comes next: the target
// never sees it, only what is sent again.
uint64_t sent_twice(ScriptRun& run) {
  return run.csv().rows("http_reqs_retried") -
         run.csv().rows("http_reqs_retried", {{"name", "/status/{code}"}});
}

void check_metric(const std::string& name, const nlohmann::json& metric,
                  const CsvTable::Totals& rows) {
  INFO(name, " ", metric.dump());
  if (metric.contains("passes")) {
    CHECK(metric["passes"] == rows.nonzero);
    CHECK(metric["fails"] == rows.rows - rows.nonzero);
  } else if (metric.contains("avg")) {
    CHECK(metric["count"] == rows.rows);
    CHECK(metric["min"].get<double>() == doctest::Approx(rows.min).epsilon(1e-4));
    CHECK(metric["max"].get<double>() == doctest::Approx(rows.max).epsilon(1e-4));
    CHECK(metric["avg"].get<double>() * static_cast<double>(rows.rows) ==
          doctest::Approx(rows.sum).epsilon(1e-4));
  } else if (metric.contains("count")) {
    CHECK(metric["count"] == rows.sum);
  } else {
    CHECK(metric["min"] == rows.min);
    CHECK(metric["max"] == rows.max);
  }
}

}  // namespace

std::string load_script(const std::string& url, const std::string& scenario,
                        const std::string& body, const std::string& version) {
  std::string text = replaced(kHead, "@URL@", url);
  text = replaced(text, "@REQUEST@", version.empty() ? "http.get" : client_get(version));
  return replaced(replaced(text, "@SCENARIO@", scenario), "@BODY@", body);
}

void wait_for_requests(const TargetProcess& target, const std::string& route, uint64_t count) {
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(30);
  while (target.stats()["routes"].value(route, uint64_t{0}) < count) {
    if (std::chrono::steady_clock::now() < deadline) continue;
    throw std::runtime_error(
        fmt::format("the target has not seen {} requests of {}", count, route));
  }
}

void check_iterations(ScriptRun& run) {
  INFO(run.log());
  CHECK(run.count("started") > 0);
  CHECK(run.count("started") == run.count("iterations") + run.count("iterations_interrupted"));
}

void check_requests(ScriptRun& run, const TargetProcess& target) {
  INFO(run.log());
  CAPTURE(run.count("http_reqs"));
  CAPTURE(run.count("http_reqs_interrupted"));
  CAPTURE(run.count("http_reqs_retried"));
  CAPTURE(unsent(run));
  const uint64_t sent =
      run.count("http_reqs") - unsent(run) + run.count("http_reqs_interrupted") + sent_twice(run);
  CHECK(settled(target, sent) == sent);
  const nlohmann::json routes = target.stats()["routes"];
  for (const auto& entry : routes.items()) {
    const std::string& route = entry.key();
    CAPTURE(route);
    const CsvTable::Where named{{"name", route}};
    const uint64_t again =
        route == "/status/{code}" ? 0 : run.csv().rows("http_reqs_retried", named);
    CHECK(entry.value() == run.csv().rows("http_reqs", named) +
                               run.csv().rows("http_reqs_interrupted", named) + again);
  }
}

bool is_always_there(const std::string& name) {
  return name == "iterations" || name == "iteration_duration" || name == "data_sent" ||
         name == "data_received";
}

void check_summary_is_csv(ScriptRun& run) {
  const auto totals = run.csv().totals();
  const nlohmann::json& metrics = run.summary().at("metrics");
  for (const auto& entry : totals) {
    const std::string& name = entry.first;
    INFO(name);
    REQUIRE(metrics.contains(name));
    check_metric(name, metrics[name], entry.second);
  }
  for (const auto& entry : metrics.items()) {
    const std::string& name = entry.key();
    if (name.find('{') != std::string::npos || totals.contains(name)) continue;
    // What is always in a summary may have no rows: then nothing was measured.
    CHECK_MESSAGE(is_always_there(name), name, " has no rows");
    CHECK(run.count(name) == 0);
  }
}

void check_books(ScriptRun& run, const TargetProcess& target) {
  check_iterations(run);
  check_requests(run, target);
  check_summary_is_csv(run);
}

}  // namespace perigee
