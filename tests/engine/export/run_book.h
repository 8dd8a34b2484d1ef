// A book of a run that a test makes up.
#pragma once

#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <doctest/doctest.h>

#include "engine/export/prometheus/metric_family.h"
#include "engine/export/sample_book.h"

namespace perigee::exports {

struct RunBook {
  explicit RunBook(size_t room = limits::kTagSets) : book(registry, room) {}

  // Adds values to a series, as one interval of a worker would.
  void add(MetricId metric, const TagSet& tags, std::initializer_list<double> values) {
    SeriesDelta delta{metric, std::make_shared<const TagSet>(tags), Sink(registry.at(metric).kind)};
    for (const double value : values)
      delta.sink.add(value, Instant{});
    book.add(delta);
  }

  MetricId metric(std::string_view name, MetricKind kind,
                  ValueKind contains = ValueKind::kDefault) {
    return registry.add(name, kind, contains);
  }

  std::vector<MetricFamily> families() const { return families_of(run, book, last); }
  // The one of this name; the test fails without.
  MetricFamily family(std::string_view name) const {
    for (const MetricFamily& family : families()) {
      if (family.name == name) return family;
    }
    FAIL("there is no family ", name);
    return {};
  }

  MetricRegistry registry;
  SampleBook book;
  ExportedRun run{.version = "1.2.3", .script = "a.lua", .id = "r1", .tags = {{"env", "ci"}}};
  ExportUpdate last{.moment = {.load = std::chrono::milliseconds(1500)}};
};

}  // namespace perigee::exports
