#include "modules/avro/value_decoder.h"

#include <limits>
#include <stdexcept>

#include <fmt/format.h>

#include "engine/protobuf/message_type.h"
#include "modules/avro/value_path.h"
#include "scripting/json_codec.h"
#include "scripting/lua_state.h"
#include "scripting/protobuf/lua_number.h"

namespace perigee::avro {
namespace {

using protobuf::FieldKind;

constexpr int kMaxDepth = 100;
// A few bytes may claim any number of items that take none.
constexpr int kMaxEmptyItems = 1'000'000;

}  // namespace

void ValueDecoder::decode(const Type& type) {
  decode(type, nullptr);
  if (!cursor_.done()) {
    throw std::runtime_error(fmt::format("{} bytes are left behind the value", cursor_.left()));
  }
}

void ValueDecoder::check(const FieldStep* at) const {
  if (cursor_.failed()) fail(at, std::string(protobuf::describe(cursor_.fault())));
}

int64_t ValueDecoder::whole(const FieldStep* at) {
  const int64_t value = protobuf::from_zigzag(cursor_.varint());
  check(at);
  return value;
}

size_t ValueDecoder::length(const FieldStep* at) {
  const int64_t size = whole(at);
  if (size < 0) fail(at, fmt::format("a length of {}", size));
  return static_cast<size_t>(size);
}

size_t ValueDecoder::choice(size_t count, const char* what, const FieldStep* at) {
  const int64_t number = whole(at);
  if (number < 0 || static_cast<uint64_t>(number) >= count) {
    fail(at, fmt::format("there is no {} {}, there are {}", what, number, count));
  }
  return static_cast<size_t>(number);
}

void ValueDecoder::push_bytes(size_t size, const FieldStep* at) {
  const std::string_view bytes = cursor_.take(size);
  check(at);
  push_view(L_, bytes);
}

void ValueDecoder::push_number(const Type& type, const FieldStep* at) {
  switch (type.kind) {
    case Kind::kFloat: {
      const uint32_t bits = cursor_.fixed32();
      check(at);
      return push_number_bits(L_, bits, FieldKind::kFloat);
    }
    case Kind::kDouble: {
      const uint64_t bits = cursor_.fixed64();
      check(at);
      return push_number_bits(L_, bits, FieldKind::kDouble);
    }
    default: {
      const int64_t value = whole(at);
      if (type.kind == Kind::kInt && value != static_cast<int32_t>(value)) {
        fail(at, fmt::format("{} is no int", value));
      }
      return push_number_bits(L_, static_cast<uint64_t>(value), FieldKind::kInt64);
    }
  }
}

void ValueDecoder::decode(const Type& type, const FieldStep* at) {
  if (++depth_ > kMaxDepth) fail(at, fmt::format("more than {} values in each other", kMaxDepth));
  luaL_checkstack(L_, 8, "avro");
  switch (type.kind) {
    case Kind::kNull:
      lua_pushnil(L_);
      break;
    case Kind::kBoolean: {
      const std::string_view byte = cursor_.take(1);
      check(at);
      if (byte[0] != '\0' && byte[0] != '\1') fail(at, "a boolean is one byte, 0 or 1");
      lua_pushboolean(L_, byte[0]);
      break;
    }
    case Kind::kInt:
    case Kind::kLong:
    case Kind::kFloat:
    case Kind::kDouble:
      push_number(type, at);
      break;
    case Kind::kBytes:
    case Kind::kString:
      push_bytes(length(at), at);
      break;
    case Kind::kFixed:
      push_bytes(type.size, at);
      break;
    case Kind::kEnum:
      push_view(L_, type.symbols[choice(type.symbols.size(), "symbol", at)]);
      break;
    case Kind::kRecord:
      decode_record(type, at);
      break;
    case Kind::kArray:
    case Kind::kMap:
      decode_items(type, at);
      break;
    case Kind::kUnion:
      decode(*type.parts[choice(type.parts.size(), "branch", at)], at);
      break;
  }
  --depth_;
}

void ValueDecoder::decode_record(const Type& type, const FieldStep* at) {
  lua_createtable(L_, 0, static_cast<int>(type.fields.size()));
  for (const Field& field : type.fields) {
    const FieldStep step = then(FieldStep::to_field(field.name), at);
    push_view(L_, field.name);
    decode(*field.type, &step);
    lua_rawset(L_, -3);
  }
}

// Blocks of items, each with their number in front. A negative one has the block's size behind it,
// for those who step over it.
void ValueDecoder::decode_items(const Type& type, const FieldStep* at) {
  lua_newtable(L_);
  int64_t position = 0;
  for (int64_t count = whole(at); count != 0; count = whole(at)) {
    if (count == std::numeric_limits<int64_t>::min()) fail(at, "a block without a size");
    if (count < 0) {
      count = -count;
      length(at);
    }
    for (; count > 0; --count)
      decode_item(type, ++position, at);
  }
  if (type.kind == Kind::kArray && position == 0) mark_json_array(L_);
}

void ValueDecoder::decode_item(const Type& type, int64_t position, const FieldStep* at) {
  const size_t left = cursor_.left();
  FieldStep step = then(FieldStep::to_position(static_cast<size_t>(position)), at);
  if (type.kind == Kind::kMap) {
    push_bytes(length(at), at);
    step = then(FieldStep::to_key(view_at(L_, -1)), at);
  }
  decode(*type.parts[0], &step);
  if (cursor_.left() == left && ++empty_items_ > kMaxEmptyItems) {
    fail(at, fmt::format("more than {} items that take no bytes", kMaxEmptyItems));
  }
  // A list has no gaps.
  if (lua_isnil(L_, -1)) {
    lua_pop(L_, 1);
    push_json_null(L_);
  }
  if (type.kind == Kind::kMap) {
    lua_rawset(L_, -3);
  } else {
    lua_rawseti(L_, -2, static_cast<int>(position));
  }
}

}  // namespace perigee::avro
