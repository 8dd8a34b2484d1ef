// The rows of k6's CSV files: their columns, quoting and numbers.
#pragma once

#include <string>
#include <string_view>

#include "engine/base/clock.h"
#include "engine/metrics/tags.h"
#include "engine/output/csv_spec.h"

namespace perigee {

// The first line, with its line feed.
std::string csv_header();

// A row's part after the value, from its comma to its line feed: the columns of the system tags,
// then all other tags.
std::string csv_tags(const TagSet& tags);

// Quoted as RFC 4180 says where needed.
std::string csv_field(std::string_view text);

// Appends the value with six decimals, as printf's %f.
void append_value(std::string& row, double value);

void append_time(std::string& row, WallTime time, CsvTimeFormat format);

}  // namespace perigee
