#include "scripting/plain_json.h"

#include <simdjson.h>

#include "scripting/json_builder.h"

namespace perigee {
namespace {

namespace dom = simdjson::dom;

// A parser keeps room for the largest text that it has read: one of this size at most per thread.
constexpr size_t kMostKept = size_t{1} << 20;

bool build(dom::element value, JsonBuilder& builder);

bool build_array(dom::array array, JsonBuilder& builder) {
  if (!builder.start_array(array.size())) return false;
  for (const dom::element value : array) {
    if (!build(value, builder)) return false;
  }
  return builder.end_array();
}

bool build_object(dom::object object, JsonBuilder& builder) {
  if (!builder.start_object(object.size())) return false;
  for (const dom::key_value_pair member : object) {
    if (!builder.key(member.key) || !build(member.value, builder)) return false;
  }
  return builder.end_object();
}

bool build(dom::element value, JsonBuilder& builder) {
  switch (value.type()) {
    case dom::element_type::ARRAY:
      return build_array(dom::array(value), builder);
    case dom::element_type::OBJECT:
      return build_object(dom::object(value), builder);
    case dom::element_type::INT64:
      return builder.number_integer(int64_t(value));
    case dom::element_type::UINT64:
      return builder.number_unsigned(uint64_t(value));
    case dom::element_type::DOUBLE:
      return builder.number(double(value));
    case dom::element_type::STRING:
      return builder.string(std::string_view(value));
    case dom::element_type::BOOL:
      return builder.boolean(bool(value));
    case dom::element_type::NULL_VALUE:
      return builder.null();
  }
  return false;
}

bool decode(lua_State* L, std::string_view text, Decoding decoding, dom::parser& parser) {
  dom::element value;
  if (parser.parse(text.data(), text.size()).get(value) != simdjson::SUCCESS) return false;
  const int top = lua_gettop(L);
  JsonBuilder builder(L, decoding);
  if (build(value, builder)) return true;
  lua_settop(L, top);
  return false;
}

}  // namespace

bool decode_plain_json(lua_State* L, std::string_view text, Decoding decoding) {
  if (text.size() > kMostKept) {
    dom::parser parser;
    return decode(L, text, decoding, parser);
  }
  thread_local dom::parser parser;
  return decode(L, text, decoding, parser);
}

}  // namespace perigee
