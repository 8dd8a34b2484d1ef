// Records of a result file as protobuf.
#pragma once

#include <string>

#include "engine/results/records.h"

namespace perigee::results {

// Each appends the message that results.proto describes.
void write_record(const Header& header, std::string& bytes);
void write_record(const Interval& interval, std::string& bytes);
void write_record(const End& end, std::string& bytes);

}  // namespace perigee::results
