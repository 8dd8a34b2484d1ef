#include "target/reply/json_value.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace perigee {
namespace {

bool is_plain(char c) {
  return c >= ' ' && c <= '~' && c != '"' && c != '\\';
}

}  // namespace

// Nearly every name and text is plain, and then needs no JSON library.
void write_json_text(std::string& out, std::string_view text) {
  if (std::all_of(text.begin(), text.end(), is_plain)) {
    out.append(1, '"').append(text).append(1, '"');
  } else {
    out += nlohmann::json(text).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
  }
}

// JSON has neither not-a-number nor infinities; MLServer writes null for them, too.
void write_json_value(std::string& out, Datatype datatype, double value) {
  const double number = to_datatype(datatype, value);
  if (std::isfinite(number)) {
    append_shortest(out, datatype, number);
  } else {
    out += "null";
  }
}

void write_json_value(std::string& out, Datatype datatype, int64_t value) {
  if (datatype == Datatype::kBool) {
    out += value != 0 ? "true" : "false";
  } else if (datatype == Datatype::kUint64) {
    out += fmt::format_int(static_cast<uint64_t>(value)).c_str();
  } else {
    out += fmt::format_int(value).c_str();
  }
}

void write_json_value(std::string& out, Datatype, const std::string& value) {
  write_json_text(out, value);
}

}  // namespace perigee
