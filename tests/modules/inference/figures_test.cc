// The figures that are made of sums, by the names of the OpenVINO benchmark client.
#include <cmath>
#include <map>
#include <string>
#include <vector>

#include <doctest/doctest.h>
#include <fmt/format.h>

#include "modules/inference/lua_sources.h"
#include "modules/inference/statistics.h"
#include "scripting/lua_state.h"

namespace perigee::inference {
namespace {

using doctest::Approx;

std::string lua_outcome(const Outcome& outcome) {
  return fmt::format(
      "{{ batches = {}, frames = {}, latency = {}, latency2 = {}, max_latency = {} }}",
      outcome.batches, outcome.frames, outcome.latency, outcome.latency2, outcome.max_latency);
}

std::string lua_number(double value) {
  return std::isinf(value) ? "math.huge" : fmt::format("{}", value);
}

std::string lua_series(const Series& series) {
  return fmt::format(
      "{{ clients = {}, start = {}, stop = {}, first_latency = {}, netto_batch_rate = {}, "
      "netto_frame_rate = {}, passed = {}, failed = {} }}",
      series.clients, series.start, series.stop, lua_number(series.first_latency),
      series.netto_batch_rate, series.netto_frame_rate, lua_outcome(series.passed),
      lua_outcome(series.failed));
}

// What the code returns, in which `statistics` is the module's part of this name.
std::map<std::string, double> figures(const std::string& code) {
  const LuaStatePtr state = make_lua_state(/*jit=*/true);
  lua_State* L = state.get();
  const std::string source(inference_source("statistics"));
  REQUIRE(luaL_loadbuffer(L, source.data(), source.size(), "statistics") == 0);
  lua_newtable(L);
  lua_call(L, 1, 1);
  lua_setglobal(L, "statistics");
  REQUIRE_MESSAGE(luaL_dostring(L, code.c_str()) == 0, lua_tostring(L, -1));
  std::map<std::string, double> values;
  for (lua_pushnil(L); lua_next(L, -2) != 0; lua_pop(L, 1)) {
    lua_rawgeti(L, -1, 1);
    lua_rawgeti(L, -2, 2);
    values[lua_tostring(L, -2)] = lua_tonumber(L, -1);
    lua_pop(L, 2);
  }
  return values;
}

std::map<std::string, double> figures_of(const Series& series) {
  return figures(fmt::format("return statistics.figures(\"\", {})", lua_series(series)));
}

// One client that runs from 0 to `stop`.
Series client(const std::vector<Inference>& inferences, double stop) {
  Series own;
  for (const Inference& inference : inferences)
    own.add(inference);
  own.start = 0;
  own.stop = stop;
  Series all;
  all.add(own);
  return all;
}

}  // namespace

TEST_CASE("a series has the thirty figures of the benchmark client") {
  const Series series = client({{.frames = 1, .latency = 0.01},
                                {.frames = 2, .latency = 0.02},
                                {.frames = 1, .latency = 0.05, .passed = false},
                                {.frames = 4, .latency = 0.04}},
                               0.2);
  const auto figures = figures_of(series);
  const std::map<std::string, double> expected{{"total_duration", 0.2},
                                               {"total_batches", 4},
                                               {"total_frames", 8},
                                               {"start_timestamp", 0},
                                               {"stop_timestamp", 0.2},
                                               {"pass_batches", 3},
                                               {"fail_batches", 1},
                                               {"pass_frames", 7},
                                               {"fail_frames", 1},
                                               {"first_latency", 0.01},
                                               {"pass_max_latency", 0.04},
                                               {"fail_max_latency", 0.05},
                                               {"brutto_batch_rate", 15},
                                               {"brutto_frame_rate", 35},
                                               {"netto_batch_rate", 25},
                                               {"netto_frame_rate", 58.3333333333},
                                               {"frame_passrate", 0.875},
                                               {"batch_passrate", 0.75},
                                               {"mean_latency", 0.03},
                                               {"mean_latency2", 0.00115},
                                               {"stdev_latency", 0.0158113883},
                                               {"cv_latency", 0.5270462767},
                                               {"pass_mean_latency", 0.0233333333},
                                               {"pass_mean_latency2", 0.0007},
                                               {"pass_stdev_latency", 0.0124721913},
                                               {"pass_cv_latency", 0.5345224838},
                                               {"fail_mean_latency", 0.05},
                                               {"fail_mean_latency2", 0.0025},
                                               {"fail_stdev_latency", 0},
                                               {"fail_cv_latency", 0}};
  CHECK(figures.size() == expected.size());
  for (const auto& entry : expected) {
    INFO(entry.first);
    REQUIRE(figures.contains(entry.first));
    CHECK(figures.at(entry.first) == Approx(entry.second).epsilon(1e-8));
  }
}

TEST_CASE("a series without an inference has no first latency, and is nothing else than zero") {
  for (const auto& figure : figures_of(client({}, 0))) {
    INFO(figure.first);
    CHECK((figure.first == "first_latency" ? std::isinf(figure.second) : figure.second == 0));
  }
}

TEST_CASE("quantiles are found within a bucket, and not where too few are above") {
  Statistics statistics;
  Book& book = statistics.open_book();
  const size_t number = book.open(0, 0, Series::kNone);
  for (int i = 0; i < 200; ++i)
    book.add(number, {.latency = 0.005 + 0.0005 * i, .end = 1});
  std::string buckets;
  for (const auto& [bucket, frames] : statistics.histogram())
    buckets += fmt::format("{{ {}, {} }}, ", bucket, frames);
  const auto quantiles = figures(fmt::format(R"lua(
    local list, settings = {{}}, {{ hist_factor = 100, hist_base = 1.5 }}
    for _, q in ipairs {{ 0.5, 0.9, 0.95, 0.99 }} do
      local latency, width = statistics.quantile(settings, {{ {} }}, q)
      list[#list + 1] = {{ "latency " .. q, latency or -1 }}
      list[#list + 1] = {{ "width " .. q, width }}
    end
    return list)lua",
                                             buckets));
  CHECK(quantiles.at("latency 0.5") == Approx(0.0548089281).epsilon(1e-8));
  CHECK(quantiles.at("width 0.5") == Approx(0.0028729203).epsilon(1e-7));
  CHECK(quantiles.at("latency 0.9") == Approx(0.0948228331).epsilon(1e-8));
  CHECK(quantiles.at("width 0.9") == Approx(0.0021576317).epsilon(1e-7));
  CHECK(quantiles.at("latency 0.95") == Approx(0.0997382040).epsilon(1e-8));
  CHECK(quantiles.at("latency 0.99") == -1);
}

}  // namespace perigee::inference
