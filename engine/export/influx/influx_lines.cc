#include "engine/export/influx/influx_lines.h"

#include <algorithm>
#include <charconv>
#include <map>
#include <optional>
#include <string_view>

#include <fmt/format.h>

namespace perigee::exports {
namespace {

std::string quoted(std::string_view text) {
  std::string result = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') result += '\\';
    result += c;
  }
  return result + '"';
}

template <typename Number>
std::optional<Number> parse(std::string_view text) {
  Number number{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

// The value in the type that the field has; nothing if it is none of that.
std::optional<std::string> field_value(TagField::Type type, const std::string& value) {
  switch (type) {
    case TagField::Type::kInteger: {
      const auto number = parse<int64_t>(value);
      return number ? std::optional(fmt::format("{}i", *number)) : std::nullopt;
    }
    case TagField::Type::kReal: {
      const auto number = parse<double>(value);
      return number ? std::optional(fmt::format("{}", *number)) : std::nullopt;
    }
    case TagField::Type::kFlag:
      if (value != "true" && value != "false") return std::nullopt;
      return value;
    case TagField::Type::kText:
      break;
  }
  return quoted(value);
}

std::string fields_of(const Sink& sink) {
  switch (sink.kind()) {
    case MetricKind::kCounter:
      return fmt::format("value={}", sink.counter().sum);
    case MetricKind::kGauge:
      return fmt::format("value={}", sink.gauge().value);
    case MetricKind::kRate:
      return fmt::format("value={},nonzero={}i,total={}i", sink.rate().share(), sink.rate().nonzero,
                         sink.rate().total);
    case MetricKind::kTrend:
      break;
  }
  const Histogram& trend = sink.trend();
  return fmt::format("value={},count={}i,sum={},min={},max={},med={},p90={},p95={},p99={}",
                     trend.avg(), trend.count(), trend.sum(), trend.min(), trend.max(),
                     trend.percentile(50), trend.percentile(90), trend.percentile(95),
                     trend.percentile(99));
}

// Series that differ only in tags that are fields would be points of one name and time, of which
// the database keeps one: they are one point.
struct Point {
  std::string fields_of_tags;
  Sink sink;
};

class Lines {
 public:
  Lines(const SampleBook& book, std::span<const TagField> tags_as_fields)
      : book_(book), tags_as_fields_(tags_as_fields) {}

  void add(const BookSeries& series) {
    std::string name = influx_text(book_.registry().at(series.metric).name);
    std::string fields;
    for (const auto& [key, value] : book_.tags(series.tags)) {
      if (value.empty()) continue;
      if (const TagField* field = find(key)) {
        if (const auto text = field_value(field->type, value)) {
          fields += fmt::format(",{}={}", influx_text(key), *text);
        }
      } else {
        name += fmt::format(",{}={}", influx_text(key), influx_text(value));
      }
    }
    Point& point =
        points_.try_emplace(std::move(name), Point{{}, Sink(series.total.kind())}).first->second;
    point.fields_of_tags = std::move(fields);
    point.sink.merge(series.total);
  }

  std::string text(int64_t time) const {
    std::string text;
    for (const auto& [name, point] : points_)
      text += fmt::format("{} {}{} {}\n", name, fields_of(point.sink), point.fields_of_tags, time);
    return text;
  }

 private:
  const TagField* find(std::string_view tag) const {
    const auto found = std::find_if(tags_as_fields_.begin(), tags_as_fields_.end(),
                                    [tag](const TagField& field) { return field.tag == tag; });
    return found == tags_as_fields_.end() ? nullptr : &*found;
  }

  const SampleBook& book_;
  const std::span<const TagField> tags_as_fields_;
  std::map<std::string, Point> points_;
};

}  // namespace

std::string influx_text(std::string_view text) {
  std::string result;
  for (const char c : text) {
    const char said = c == '\n' || c == '\r' ? ' ' : c;
    if (said == ',' || said == '=' || said == ' ') result += '\\';
    result += said;
  }
  // A backslash at the end would escape what follows it.
  while (result.ends_with('\\'))
    result.pop_back();
  return result.empty() ? "_" : result;
}

std::string influx_lines(const SampleBook& book, std::span<const TagField> tags_as_fields,
                         int64_t time) {
  Lines lines(book, tags_as_fields);
  for (const BookSeries& series : book.series())
    lines.add(series);
  return lines.text(time);
}

}  // namespace perigee::exports
