// A stretch of a run in InfluxDB's line protocol.
#pragma once

#include <cstdint>
#include <span>
#include <string>

#include "engine/export/influx/influx_settings.h"
#include "engine/export/sample_book.h"

namespace perigee::exports {

// A name or value of a tag, or a name of a measurement, with its commas, blanks and equals
// signs escaped. What the protocol can't say becomes a blank.
std::string influx_text(std::string_view text);

// A line for each series of the book, which holds that stretch alone, at a time in units of the
// precision. The field `value` is a counter's sum, a gauge's last value, a rate's share of values
// that are not zero, a trend's average; rates have `nonzero` and `total` beside it, trends `count`,
// `sum`, `min`, `max`, `med`, `p90`, `p95` and `p99`.
std::string influx_lines(const SampleBook& book, std::span<const TagField> tags_as_fields,
                         int64_t time);

}  // namespace perigee::exports
