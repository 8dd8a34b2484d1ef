#include "engine/grpc/metadata.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "engine/base/base64.h"

namespace perigee::grpc {
namespace {

constexpr std::array<std::string_view, 6> kReserved{"content-type", "te",         "host",
                                                    "connection",   "user-agent", "content-length"};

bool is_name_char(char c) {
  return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '-' || c == '.';
}

bool is_value_char(char c) {
  return c >= ' ' && c <= '~';
}

std::string decode_one(std::string_view value) {
  while (value.ends_with('='))
    value.remove_suffix(1);
  return decode_base64(value, Base64::kRawStandard).value_or(std::string(value));
}

}  // namespace

bool is_binary(std::string_view name) {
  return name.ends_with("-bin");
}

std::string encode_binary(std::string_view bytes) {
  return encode_base64(bytes, Base64::kRawStandard);
}

std::string decode_binary(std::string_view value) {
  std::string out;
  for (size_t from = 0; from <= value.size();) {
    const size_t comma = std::min(value.find(',', from), value.size());
    if (from > 0) out += ',';
    out += decode_one(value.substr(from, comma - from));
    from = comma + 1;
  }
  return out;
}

std::string metadata_fault(std::string_view name, std::string_view value) {
  if (name.empty() || !std::all_of(name.begin(), name.end(), is_name_char)) {
    return fmt::format("\"{}\" is no name of metadata: use letters, digits, \"-\", \"_\" and \".\"",
                       name);
  }
  if (is_reserved(name) && name != "user-agent") {
    return fmt::format("\"{}\" belongs to gRPC itself and can't be set", name);
  }
  if (is_binary(name)) return {};
  if (!std::all_of(value.begin(), value.end(), is_value_char)) {
    return fmt::format(
        "the value of \"{0}\" has bytes other than printable ASCII: call it \"{0}-bin\" to send "
        "bytes",
        name);
  }
  if (value.starts_with(' ') || value.ends_with(' ')) {
    return fmt::format("the value of \"{}\" begins or ends with a blank, which HTTP/2 refuses",
                       name);
  }
  return {};
}

bool is_reserved(std::string_view name) {
  return name.starts_with(':') || name.starts_with("grpc-") ||
         std::find(kReserved.begin(), kReserved.end(), name) != kReserved.end();
}

}  // namespace perigee::grpc
