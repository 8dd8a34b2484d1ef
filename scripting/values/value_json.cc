#include "scripting/values/value_json.h"

#include <string>
#include <utility>

#include <nlohmann/json.hpp>

#include "engine/base/json_text.h"
#include "scripting/values/value_format.h"

namespace perigee {
namespace {

using Json = nlohmann::json;

std::string key_text(const Json& key) {
  if (key.is_string()) return key.get<std::string>();
  return json_text(key);
}

Json read(ValueReader& in);

Json read_table(ValueReader& in, bool marked) {
  const uint32_t elements = in.size();
  const uint32_t members = in.size();
  const bool is_array = members == 0 && (marked || elements > 0);
  Json json = is_array ? Json::array() : Json::object();
  for (uint32_t i = 1; i <= elements; ++i) {
    if (is_array) {
      json.push_back(read(in));
    } else {
      json[std::to_string(i)] = read(in);
    }
  }
  for (uint32_t i = 0; i < members; ++i) {
    std::string key = key_text(read(in));
    json[std::move(key)] = read(in);
  }
  return json;
}

Json read(ValueReader& in) {
  switch (const ValueTag tag = in.tag()) {
    case ValueTag::kFalse:
    case ValueTag::kTrue:
      return tag == ValueTag::kTrue;
    case ValueTag::kNumber:
      return in.number();
    case ValueTag::kInt64:
      return static_cast<int64_t>(in.integer());
    case ValueTag::kUint64:
      return in.integer();
    case ValueTag::kString:
      return std::string(in.string());
    case ValueTag::kTable:
    case ValueTag::kArray:
      return read_table(in, tag == ValueTag::kArray);
    default:
      return nullptr;
  }
}

}  // namespace

Json json_of_copy(std::string_view copy) {
  ValueReader reader(copy);
  return read(reader);
}

}  // namespace perigee
