#include "engine/export/prometheus/scrape_text.h"

#include <cmath>
#include <string_view>

#include <fmt/format.h>

#include "engine/export/classic_histogram.h"

namespace perigee::exports {
namespace {

enum class Dialect { kText, kOpenMetrics };

std::string number(double value) {
  if (std::isnan(value)) return "NaN";
  if (std::isinf(value)) return value > 0 ? "+Inf" : "-Inf";
  return fmt::format("{}", value);
}

// Bounds have a point, or the same series has one name in text and another one in protobuf.
std::string bound_text(double bound) {
  std::string text = number(bound);
  if (text.find_first_of(".e") == std::string::npos) text += ".0";
  return text;
}

std::string escaped(std::string_view text, bool quotes) {
  std::string result;
  result.reserve(text.size());
  for (const char c : text) {
    if (c == '\\') {
      result += "\\\\";
    } else if (c == '\n') {
      result += "\\n";
    } else if (c == '"' && quotes) {
      result += "\\\"";
    } else {
      result += c;
    }
  }
  return result;
}

class Page {
 public:
  explicit Page(Dialect dialect) : dialect_(dialect) {}

  void add(const MetricFamily& family) {
    add_head(family);
    for (const FamilyPoint& point : family.points) {
      if (point.histogram != nullptr) {
        add_histogram(family, point);
      } else {
        add_sample(fmt::format("{}{}", family.name, suffix_of(family.type)), point.labels,
                   number(point.value));
      }
    }
  }

  std::string take() {
    if (dialect_ == Dialect::kOpenMetrics) out_ += "# EOF\n";
    return std::move(out_);
  }

 private:
  static std::string_view suffix_of(FamilyType type) {
    if (type == FamilyType::kCounter) return "_total";
    return type == FamilyType::kInfo ? "_info" : "";
  }

  std::string_view type_of(FamilyType type) const {
    switch (type) {
      case FamilyType::kCounter:
        return "counter";
      case FamilyType::kHistogram:
        return "histogram";
      case FamilyType::kInfo:
        return dialect_ == Dialect::kOpenMetrics ? "info" : "gauge";
      case FamilyType::kGauge:
        break;
    }
    return "gauge";
  }

  void add_head(const MetricFamily& family) {
    const bool open = dialect_ == Dialect::kOpenMetrics;
    std::string name = family.name;
    if (!open) name += suffix_of(family.type);
    out_ += fmt::format("# HELP {} {}\n", name, escaped(family.help, open));
    out_ += fmt::format("# TYPE {} {}\n", name, type_of(family.type));
    if (open && !family.unit.empty()) out_ += fmt::format("# UNIT {} {}\n", name, family.unit);
  }

  void add_histogram(const MetricFamily& family, const FamilyPoint& point) {
    const Histogram& histogram = *point.histogram;
    const double scale = scale_of(family.contains);
    const auto bounds = classic_bounds(family.contains);
    const std::vector<uint64_t> counts = cumulative_counts(histogram, scale, bounds);
    const std::string bucket = family.name + "_bucket";
    for (size_t i = 0; i < bounds.size(); ++i)
      add_sample(bucket, point.labels, std::to_string(counts[i]), bound_text(bounds[i]));
    const std::string count = std::to_string(histogram.count());
    add_sample(bucket, point.labels, count, "+Inf");
    add_sample(family.name + "_sum", point.labels, number(histogram.sum() * scale));
    add_sample(family.name + "_count", point.labels, count);
  }

  void add_sample(std::string_view name, const LabelSet& labels, std::string_view value,
                  std::string_view bound = {}) {
    out_ += name;
    char separator = '{';
    const auto add_label = [&](std::string_view label, std::string_view text) {
      out_ += fmt::format("{}{}=\"{}\"", separator, label, escaped(text, true));
      separator = ',';
    };
    for (const auto& [label, text] : labels)
      add_label(label, text);
    if (!bound.empty()) add_label("le", bound);
    if (separator == ',') out_ += '}';
    out_ += fmt::format(" {}\n", value);
  }

  const Dialect dialect_;
  std::string out_;
};

std::string page_of(const std::vector<MetricFamily>& families, Dialect dialect) {
  Page page(dialect);
  for (const MetricFamily& family : families)
    page.add(family);
  return page.take();
}

}  // namespace

std::string text_page(const std::vector<MetricFamily>& families) {
  return page_of(families, Dialect::kText);
}

std::string open_metrics_page(const std::vector<MetricFamily>& families) {
  return page_of(families, Dialect::kOpenMetrics);
}

}  // namespace perigee::exports
