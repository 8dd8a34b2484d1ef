#include "engine/reports/cells.h"

#include <utility>

#include "engine/output/humanize.h"

namespace perigee::reports {

namespace {

Unit unit_of(ValueKind contains) {
  if (contains == ValueKind::kTime) return Unit::kMilliseconds;
  return contains == ValueKind::kData ? Unit::kBytes : Unit::kNone;
}

}  // namespace

Cell text_cell(std::string text) {
  return {.text = std::move(text)};
}

Cell count_cell(uint64_t count) {
  const auto number = static_cast<double>(count);
  return {.text = human_number(number), .number = number};
}

Cell value_cell(double value, ValueKind contains, const Report& report, const char* suffix) {
  const bool is_plain = contains == ValueKind::kDefault;
  std::string text =
      is_plain ? human_number(value, 2) : human_value(value, contains, report.summary.time_unit);
  return {.text = std::move(text) + suffix, .number = value, .unit = unit_of(contains)};
}

Cell share_cell(double share) {
  return {.text = human_share(share), .number = share, .unit = Unit::kShare};
}

}  // namespace perigee::reports
