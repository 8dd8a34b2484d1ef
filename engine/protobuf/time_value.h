// Timestamps and durations as JSON spells them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace perigee::protobuf {

// The fields of google.protobuf.Timestamp and of google.protobuf.Duration.
struct TimeValue {
  int64_t seconds = 0;  // of a timestamp: since 1970
  int32_t nanos = 0;    // of a negative duration: negative, too
};

// "2026-11-30T07:36:24.5Z", or with an offset like "+01:00"; years 1 to 9999. Nothing for what is
// none.
std::optional<TimeValue> parse_timestamp(std::string_view text);
// "1.5s", "-3s"; at most about 10,000 years.
std::optional<TimeValue> parse_duration(std::string_view text);

// With none, 3, 6 or 9 digits behind the point. Nothing for what is out of range.
std::optional<std::string> timestamp_text(TimeValue value);
std::optional<std::string> duration_text(TimeValue value);

}  // namespace perigee::protobuf
