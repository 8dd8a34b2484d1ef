#include "cli/load_script.h"

#include <algorithm>
#include <chrono>
#include <map>
#include <vector>

#include <fmt/format.h>

#include "cli/lua_text.h"
#include "engine/base/duration.h"

namespace perigee {
namespace {

// Virtual users of a rate that nobody has bounded.
constexpr int64_t kMostUsers = 1000;
// "As long as it takes", for a number of requests without a time.
constexpr std::string_view kWhile = "24h";
constexpr Duration kShortest = std::chrono::seconds(1);

class OptionsWriter {
 public:
  OptionsWriter(const Load& load, const LoadComments& comments)
      : load_(load), comments_(comments) {}

  std::string write() {
    load_.rate ? write_rate() : write_users();
    write_thresholds();
    return std::move(text_);
  }

 private:
  template <typename... Args>
  void line(fmt::format_string<Args...> format, Args&&... args) {
    text_ += fmt::format(format, std::forward<Args>(args)...) + '\n';
  }

  // Each user makes as many.
  void write_each() {
    line("  scenarios = {{");
    line("    default = {{");
    line("      executor = \"per-vu-iterations\",");
    line("      vus = {},    -- {}", load_.connections, comments_.user);
    line("      iterations = {},    -- {} of each", *load_.requests, comments_.requests);
    line("      maxDuration = \"{}\",",
         load_.duration ? format_duration(*load_.duration) : std::string(kWhile));
    line("    }},");
    line("  }},");
  }

  void write_users() {
    if (load_.each && load_.requests) return write_each();
    const int64_t most = load_.requests.value_or(load_.connections);
    line("  vus = {},    -- {}", std::min(load_.connections, most), comments_.user);
    if (load_.requests)
      line("  iterations = {},    -- {} in all", *load_.requests, comments_.requests);
    const std::string length = load_.duration ? format_duration(*load_.duration) : "";
    if (!length.empty())
      line("  duration = \"{}\",{}", length, load_.requests ? "    -- at most" : "");
    if (length.empty()) line("  duration = \"{}\",    -- at most", kWhile);
  }

  // So many requests are due in it, and the next one half an interval after it.
  Duration time_for(double requests) const {
    const std::chrono::duration<double> seconds((requests - 0.5) / *load_.rate);
    return std::chrono::duration_cast<Duration>(seconds);
  }

  void write_rate() {
    Duration length = load_.duration.value_or(Duration::max());
    if (load_.requests) length = std::min(length, time_for(static_cast<double>(*load_.requests)));
    const int64_t most = load_.connections_given ? load_.connections : kMostUsers;
    line("  scenarios = {{");
    line("    default = {{");
    // A constant rate lasts a second at least.
    length < kShortest ? write_short_rate() : write_constant_rate(length);
    line("      preAllocatedVUs = {},    -- {} from the start", load_.connections,
         comments_.connections);
    line("      maxVUs = {},    -- and at most; a {} that finds none free is dropped", most,
         comments_.request);
    line("    }},");
    line("  }},");
  }

  void write_constant_rate(Duration length) {
    line("      executor = \"constant-arrival-rate\",");
    line("      rate = {},    -- {} that start each second, however slow the answers are",
         *load_.rate, comments_.requests);
    line("      duration = \"{}\",{}", format_duration(length),
         load_.requests ? fmt::format("    -- {} {} at most", *load_.requests, comments_.requests)
                        : "");
  }

  void write_short_rate() {
    const auto requests = static_cast<double>(load_.requests.value_or(1));
    line("      executor = \"ramping-arrival-rate\",");
    line("      startRate = {},    -- {} that start each second", *load_.rate, comments_.requests);
    line("      stages = {{ {{ duration = \"{}\", target = {} }} }},    -- {} {}",
         format_duration(time_for(requests + 1)), *load_.rate, requests, comments_.requests);
  }

  void write_thresholds() {
    std::map<std::string, std::vector<std::string>> by_metric;
    for (const auto& [metric, expression] : load_.thresholds)
      by_metric[metric].push_back(lua_string(expression));
    if (by_metric.empty()) return;
    line("  -- What must hold for the run to pass; if it does not, the exit code is 99.");
    if (load_.threshold_no_samples == NoSamples::kFail) line("  thresholdNoSamples = \"fail\",");
    line("  thresholds = {{");
    for (const auto& [metric, expressions] : by_metric)
      line("    {} = {{ {} }},", lua_key(metric), fmt::join(expressions, ", "));
    line("  }},");
  }

  const Load& load_;
  const LoadComments& comments_;
  std::string text_;
};

}  // namespace

std::string load_options(const Load& load, const LoadComments& comments) {
  return OptionsWriter(load, comments).write();
}

}  // namespace perigee
