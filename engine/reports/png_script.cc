// What gnuplot is told for a picture. Texts stand in single quotes, within which gnuplot neither
// substitutes nor runs anything.
#include <algorithm>
#include <cmath>
#include <set>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "engine/output/histogram_bars.h"
#include "engine/reports/markup.h"
#include "engine/reports/png_report.h"
#include "engine/reports/step_figures.h"
#include "engine/reports/tables.h"

namespace perigee::reports {
namespace {

// A picture is not wider than this many points.
constexpr size_t kMaxPoints = 1200;
constexpr size_t kBars = 48;

std::string quoted(std::string_view text) {
  std::string result = "'";
  for (const char character : printable(text)) {
    const bool is_odd = character == '\'' || character == '`' || character == '\n';
    result += is_odd ? ' ' : character;
  }
  return result + '\'';
}

// A line of a chart: a column of the data, and what the key calls it.
struct Line {
  std::string name;
  size_t column;
};

class PngScript {
 public:
  explicit PngScript(const Report& report)
      : report_(report), steps_(coarsened(report.steps, kMaxPoints)) {}

  std::string write(const std::string& path) {
    collect_columns();
    text_ = fmt::format(
        "set terminal pngcairo size 1200,1250 noenhanced font 'sans,10' background '#ffffff'\n"
        "set output {}\nset datafile missing 'NaN'\nset grid lc rgb '#dde2e8'\n"
        "set border 3 lc rgb '#5b6675'\nset tics nomirror\nset key top left\n",
        quoted(path));
    write_steps();
    write_distribution();
    text_ += fmt::format("set multiplot layout 3,2 title {} font 'sans,13'\n",
                         quoted(report_.header.script + ": " + verdict_text(report_)));
    write_charts();
    return std::move(text_) + "unset multiplot\n";
  }

 private:
  using Values = std::vector<double>;

  size_t add_column(Values values) {
    columns_.push_back(std::move(values));
    return columns_.size();
  }

  template <typename Value>
  size_t column(Value value) {
    Values values;
    for (const TimeStep& step : steps_)
      values.push_back(value(step));
    return add_column(std::move(values));
  }

  void collect_columns() {
    time_ = column([](const TimeStep& step) { return to_seconds(step.from + step.to) / 2; });
    vus_ = {{"VUs", column([](const TimeStep& s) { return static_cast<double>(s.vus); })}};
    for (const Metric* metric : rate_metrics(report_)) {
      rates_.push_back({metric->name + "/s", column([&](const TimeStep& step) {
                          return per_second(step, metric->id);
                        })});
    }
    rates_.push_back({"failures/s", column([&](const TimeStep& step) {
                        return failures_per_second(report_, step);
                      })});
    collect_statuses();
    if (!report_.trends.empty()) collect_latency(report_.trends.front());
  }

  void collect_statuses() {
    std::set<std::string> statuses;
    for (const TimeStep& step : steps_) {
      for (const auto& [status, count] : step.statuses)
        statuses.insert(status);
    }
    for (const std::string& status : statuses) {
      statuses_.push_back({status, column([&](const TimeStep& step) {
                             const auto found = step.statuses.find(status);
                             const bool is_there = found != step.statuses.end();
                             return is_there && step.seconds() > 0
                                        ? static_cast<double>(found->second) / step.seconds()
                                        : 0;
                           })});
    }
  }

  void collect_latency(const TrendTotal& trend) {
    for (const double percentile : {50.0, 95.0, 99.0}) {
      latency_.push_back({fmt::format("p{}", percentile), column([&](const TimeStep& step) {
                            const Sink* sink = step.find(trend.id);
                            return sink == nullptr ? std::nan("")
                                                   : sink->trend().percentile(percentile);
                          })});
    }
  }

  void write_steps() {
    text_ += "$steps << END\n";
    for (size_t row = 0; row < steps_.size(); ++row) {
      for (const Values& values : columns_)
        text_ += std::isfinite(values[row]) ? fmt::format("{:.6g} ", values[row]) : "NaN ";
      text_ += '\n';
    }
    text_ += "END\n";
  }

  void write_distribution() {
    if (report_.trends.empty()) return;
    const Histogram& values = report_.trends.front().values;
    text_ += "$bars << END\n";
    if (values.min() >= 0) {
      for (const HistogramBar& bar : histogram_bars(values, kBars))
        text_ += fmt::format("{:.6g} {}\n", (bar.from + bar.to) / 2, bar.count);
    }
    text_ += "END\n$nines << END\n";
    const double most = std::log10(std::max(static_cast<double>(values.count()), 10.0));
    for (double nines = 0; nines <= most; nines += most / 100)
      text_ += fmt::format("{:.6g} {:.6g}\n", nines,
                           values.percentile(100 * (1 - std::pow(10.0, -nines))));
    text_ += "END\n";
  }

  void chart(std::string_view title, const std::vector<Line>& lines, std::string_view style) {
    if (lines.empty()) return;
    text_ += fmt::format("set title {}\nplot ", quoted(title));
    for (size_t i = 0; i < lines.size(); ++i) {
      text_ += fmt::format("{}$steps using {}:{} with {} lw 1.5 title {}", i == 0 ? "" : ", ",
                           time_, lines[i].column, style, quoted(lines[i].name));
    }
    text_ += '\n';
  }

  void write_charts() {
    text_ += "set xlabel 'seconds'\nset yrange [0:*]\n";
    chart("Rate", rates_, "lines");
    chart("VUs", vus_, "histeps");
    chart("Responses per second by status", statuses_, "lines");
    if (report_.trends.empty()) return;
    const TrendTotal& trend = report_.trends.front();
    const std::string unit = trend.contains == ValueKind::kTime ? " (ms)" : "";
    chart(trend.name + unit, latency_, "lines");
    text_ += fmt::format(
        "unset xlabel\nset title {}\nset style fill solid 0.7\n"
        "if (|$bars| > 0) plot $bars using 0:2:xtic(int($0) % 12 == 0 ? "
        "sprintf('%.3g', $1) : '') with boxes notitle; else set multiplot next\n",
        quoted(trend.name + unit + ": how often"));
    text_ += fmt::format(
        "set title {}\nset xtics ('0%%' 0, '90%%' 1, '99%%' 2, '99.9%%' 3, '99.99%%' 4, '99.999%%' "
        "5)\n"
        "plot $nines using 1:2 with lines lw 1.5 notitle\n",
        quoted(trend.name + unit + ": percentiles"));
  }

  const Report& report_;
  std::vector<TimeStep> steps_;
  std::vector<Values> columns_;
  size_t time_ = 0;
  std::vector<Line> vus_;
  std::vector<Line> rates_;
  std::vector<Line> statuses_;
  std::vector<Line> latency_;
  std::string text_;
};

}  // namespace

std::string png_script(const Report& report, const std::string& path) {
  return PngScript(report).write(path);
}

}  // namespace perigee::reports
