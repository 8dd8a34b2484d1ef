// How metrics are written to InfluxDB: k6's settings of its output for version 1.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/log.h"
#include "engine/export/export_settings.h"
#include "engine/export/http_push.h"

namespace perigee::exports {

// A tag that becomes a field of its points instead.
struct TagField {
  enum class Type { kText, kInteger, kReal, kFlag };
  std::string tag;
  Type type = Type::kText;
};

struct InfluxSettings {
  HttpReceiver receiver{};  // its path is that of writing
  std::string database{};
  Duration interval{};
  Duration precision{};  // of the points' times
  std::vector<TagField> tags_as_fields{};
};

// `url` is what the output says, "http://host:8086/database", perhaps with k6's parameters behind
// it; what it lacks is the variables'. Throws ConfigError that names the variable.
InfluxSettings read_influx_settings(std::string_view url, const Variables& variables,
                                    const VariablesBeginning& beginning, Log& log);

}  // namespace perigee::exports
