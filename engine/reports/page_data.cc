#include "engine/reports/page_data.h"

#include <algorithm>
#include <cmath>
#include <set>
#include <string_view>
#include <vector>

#include <fmt/format.h>

#include "engine/base/json_text.h"
#include "engine/output/histogram_bars.h"
#include "engine/reports/step_figures.h"

namespace perigee::reports {
namespace {

// So that a page of many trends stays below 3 MB.
constexpr size_t kMaxNumbers = 220'000;
constexpr size_t kBars = 48;
constexpr double kNinesStep = 0.05;

void append_number(std::string& text, double number) {
  text += std::isfinite(number) ? fmt::format("{:.5g}", number) : "null";
}

void append_string(std::string& text, std::string_view string) {
  std::string quoted;
  append_json_string(quoted, string);
  // "</script" or "<!--" would end or change the element around it.
  for (const char character : quoted)
    character == '<' ? text += "\\u003c" : text += character;
}

template <typename Items, typename Append>
void append_list(std::string& text, const Items& items, Append append) {
  text += '[';
  bool is_first = true;
  for (const auto& item : items) {
    if (!is_first) text += ',';
    is_first = false;
    append(item);
  }
  text += ']';
}

class PageData {
 public:
  explicit PageData(const Report& report)
      : report_(report),
        rates_(rate_metrics(report)),
        trends_(shown_trends(report)),
        names_(names_of(report)),
        steps_(coarsened(report.steps, room())) {}

  std::string write() {
    text_ = fmt::format("{{\"started\":{},\"from\":", std::chrono::floor<std::chrono::milliseconds>(
                                                          report_.header.started.time_since_epoch())
                                                          .count());
    column([](const TimeStep& step) { return to_seconds(step.from); });
    text_ += ",\"to\":";
    column([](const TimeStep& step) { return to_seconds(step.to); });
    text_ += ",\"vus\":";
    column([](const TimeStep& step) { return static_cast<double>(step.vus); });
    write_rates();
    write_statuses();
    write_names();
    write_trends();
    write_distributions();
    return std::move(text_) + '}';
  }

 private:
  // One alone says nothing that the whole does not.
  static std::set<std::string> names_of(const Report& report) {
    std::set<std::string> names;
    for (const TimeStep& step : report.steps) {
      for (const auto& [name, durations] : step.names)
        names.insert(name);
    }
    return names.size() > 1 ? names : std::set<std::string>();
  }

  size_t room() const {
    const size_t columns =
        8 + rates_.size() + kMaxStatuses + 2 * names_.size() + 4 * trends_.size();
    return std::clamp<size_t>(kMaxNumbers / columns, 60, kMaxSteps);
  }

  template <typename Value>
  void column(Value value) {
    append_list(text_, steps_, [&](const TimeStep& step) { append_number(text_, value(step)); });
  }

  template <typename Value>
  void series(std::string_view name, Value value) {
    text_ += "{\"name\":";
    append_string(text_, name);
    text_ += ",\"values\":";
    column(value);
    text_ += '}';
  }

  void write_rates() {
    text_ += ",\"rates\":";
    append_list(text_, rates_, [&](const Metric* metric) {
      series(metric->name, [&](const TimeStep& step) { return per_second(step, metric->id); });
    });
    text_ += ",\"failures\":";
    column([&](const TimeStep& step) { return failures_per_second(report_, step); });
  }

  void write_statuses() {
    std::set<std::string> statuses;
    for (const TimeStep& step : steps_) {
      for (const auto& [status, count] : step.statuses)
        statuses.insert(status);
    }
    text_ += ",\"statuses\":";
    append_list(text_, statuses, [&](const std::string& status) {
      series(status, [&](const TimeStep& step) {
        const auto found = step.statuses.find(status);
        const double count = found == step.statuses.end() ? 0 : static_cast<double>(found->second);
        return step.seconds() > 0 ? count / step.seconds() : 0;
      });
    });
  }

  // How many requests of a name ended each second, and how long most of them took.
  void write_names() {
    const auto find = [](const TimeStep& step, const std::string& name) -> const Histogram* {
      const auto found = step.names.find(name);
      return found == step.names.end() ? nullptr : &found->second;
    };
    text_ += ",\"names\":";
    append_list(text_, names_, [&](const std::string& name) {
      text_ += "{\"rate\":";
      series(name, [&](const TimeStep& step) {
        const Histogram* durations = find(step, name);
        const double count = durations == nullptr ? 0 : static_cast<double>(durations->count());
        return step.seconds() > 0 ? count / step.seconds() : 0;
      });
      text_ += ",\"p95\":";
      series(name, [&](const TimeStep& step) {
        const Histogram* durations = find(step, name);
        return durations == nullptr ? std::nan("") : durations->percentile(95);
      });
      text_ += '}';
    });
  }

  void write_trends() {
    text_ += ",\"trends\":";
    append_list(text_, trends_, [&](const TrendTotal* trend) {
      begin_trend(*trend);
      for (const double percentile : {50.0, 95.0, 99.0, 100.0}) {
        text_ += fmt::format(",\"p{}\":", percentile);
        column([&](const TimeStep& step) {
          const Sink* sink = step.find(trend->id);
          if (sink == nullptr) return std::nan("");
          return percentile < 100 ? sink->trend().percentile(percentile) : sink->trend().max();
        });
      }
      text_ += '}';
    });
  }

  void begin_trend(const TrendTotal& trend) {
    text_ += "{\"name\":";
    append_string(text_, trend.name);
    text_ += fmt::format(",\"unit\":\"{}\"", to_string(trend.contains));
  }

  void write_distributions() {
    text_ += ",\"distributions\":";
    append_list(text_, trends_, [&](const TrendTotal* trend) {
      begin_trend(*trend);
      text_ += ",\"bars\":";
      // Bars are of one ratio, which negative numbers have none of.
      const bool has_bars = trend->values.min() >= 0;
      const auto bars =
          has_bars ? histogram_bars(trend->values, kBars) : std::vector<HistogramBar>();
      append_list(text_, bars, [&](const HistogramBar& bar) {
        text_ += fmt::format("[{:.5g},{:.5g},{}]", bar.from, bar.to, bar.count);
      });
      write_nines(trend->values);
      text_ += '}';
    });
  }

  // Up to the nines that so many values have.
  void write_nines(const Histogram& values) {
    const double most = std::log10(std::max(static_cast<double>(values.count()), 10.0));
    std::vector<double> nines;
    for (int i = 0; kNinesStep * i < most; ++i)
      nines.push_back(kNinesStep * i);
    nines.push_back(most);
    text_ += ",\"nines\":";
    append_list(text_, nines, [&](double nine) {
      const double percentile = 100 * (1 - std::pow(10.0, -nine));
      text_ += fmt::format("[{:.4g},{:.5g}]", nine, values.percentile(percentile));
    });
  }

  const Report& report_;
  std::vector<const Metric*> rates_;
  std::vector<const TrendTotal*> trends_;
  std::set<std::string> names_;
  std::vector<TimeStep> steps_;
  std::string text_;
};

}  // namespace

std::string page_data(const Report& report) {
  return PageData(report).write();
}

}  // namespace perigee::reports
