// Bytes are made and read here; requests and responses, of which servers have habits, in Lua
// (prelude/tensor.lua).
#include "scripting/bindings/tensor.h"

#include <random>
#include <stdexcept>

#include <fmt/format.h>

#include "engine/base/shown_number.h"
#include "engine/base/suggest.h"
#include "engine/tensor/stored_value.h"
#include "engine/tensor/text_list.h"
#include "scripting/binding.h"
#include "scripting/bindings/arguments.h"
#include "scripting/bindings/random_source.h"
#include "scripting/call_guard.h"
#include "scripting/json_codec.h"
#include "scripting/sandbox.h"
#include "scripting/tensor/shape.h"
#include "scripting/tensor/value_list.h"
#include "scripting/tensor/value_packer.h"

namespace perigee {
namespace {

constexpr const char* kShape = "shape";

Datatype read_datatype(lua_State* L, int index) {
  return static_cast<Datatype>(find_word(check_text(L, index), datatype_names(), "datatype"));
}

void check_count(lua_State* L, size_t count, int shape, std::string_view place) {
  const size_t expected = read_value_count(L, shape, kShape);
  if (count == expected) return;
  throw std::runtime_error(fmt::format("{} has {} {}, but the shape {} holds {}", place, count,
                                       count == 1 ? "value" : "values", shape_text(L, shape),
                                       expected));
}

// Values that bytes hold, which must be as many as the shape at `shape` says, if there is one.
size_t checked_count(lua_State* L, std::string_view bytes, Datatype datatype, int shape,
                     std::string_view place) {
  const auto count = count_values(bytes, datatype);
  if (!count) {
    throw std::runtime_error(fmt::format("{} has {} bytes, which end within a value of {}", place,
                                         bytes.size(), datatype_name(datatype)));
  }
  if (!lua_isnoneornil(L, shape)) check_count(L, *count, shape, place);
  return *count;
}

// Repeats the values of a pattern until there are `count` of them.
std::string repeated(const std::string& pattern, Datatype datatype, size_t in_pattern,
                     size_t count) {
  check_tensor_size((count + in_pattern - 1) / in_pattern, pattern.size());
  const size_t whole = count / in_pattern * pattern.size();
  std::string out;
  out.reserve(whole + pattern.size());
  out.append(pattern, 0, whole);
  while (out.size() < whole)  // by doubling
    out.append(out, 0, whole - out.size());
  const size_t rest = count % in_pattern;
  if (datatype != Datatype::kBytes) return out.append(pattern, 0, rest * value_size(datatype));
  TextReader reader(pattern);
  for (size_t i = 0; i < rest; ++i)
    append_text(out, reader.next().value_or(""));
  return out;
}

// From `low` to below `high`, or `low` where the datatype has no number between. What rounding
// takes to `high` is drawn again; a weighted mean does not overflow where the difference would.
template <typename Stored>
Stored random_real(double low, double high, RandomGenerator& generator) {
  const Stored end = stored_real<Stored>(high);
  const Stored begin = stored_real<Stored>(low);
  while (begin != end) {
    const double share = generator.unit();
    const Stored drawn = stored_real<Stored>(low * (1 - share) + high * share);
    if (drawn != end) return drawn;
  }
  return begin;
}

template <typename Stored>
void append_random(std::string& out, size_t count, double low, double high,
                   RandomGenerator& generator) {
  out.resize(count * sizeof(Stored));
  char* at = out.data();
  if constexpr (kIsReal<Stored>) {
    for (size_t i = 0; i < count; ++i)
      store(at, random_real<Stored>(low, high, generator));
  } else {
    std::uniform_int_distribution<int64_t> distribution(static_cast<int64_t>(low),
                                                        static_cast<int64_t>(high));
    for (size_t i = 0; i < count; ++i)
      store(at, static_cast<Stored>(distribution(generator)));
  }
}

class TensorInstance final : public Module::Instance {
 public:
  explicit TensorInstance(ScriptHost& host) : random_(host) {}

  void push(lua_State* L) override {
    lua_newtable(L);
    const Function functions[] = {{"pack", bound<pack>},       {"unpack", bound<unpack>},
                                  {"fill", bound<fill>},       {"random", bound<random>},
                                  {"pack_as", bound<pack_as>}, {"check", bound<check>},
                                  {"read", bound<read>},       {"values_json", bound<values_json>},
                                  {"encode", bound<encode>},   {"decode", bound<decode>},
                                  {"refuse", bound<refuse>},   {"suggest", bound<suggest>}};
    set_functions(L, this, functions);
    run_prelude(L, "tensor", 1);
  }

 private:
  // pack(datatype, values, shape?)
  static int pack(lua_State* L) { return push_packed(L, "values"); }

  // The same with what errors are to call the values.
  static int pack_as(lua_State* L) { return push_packed(L, check_text(L, 4)); }

  static int push_packed(lua_State* L, std::string_view place) {
    std::string& out = upvalue<TensorInstance>(L).buffer_;
    const Datatype datatype = read_datatype(L, 1);
    out.clear();
    const size_t count = pack_values(L, 2, datatype, place, out);
    if (!lua_isnoneornil(L, 3)) check_count(L, count, 3, place);
    push_view(L, out);
    return 1;
  }

  // unpack(datatype, bytes, shape?)
  static int unpack(lua_State* L) {
    const Datatype datatype = read_datatype(L, 1);
    const std::string_view bytes = check_text(L, 2);
    push_value_list(L, bytes, datatype, checked_count(L, bytes, datatype, 3, "bytes"));
    return 1;
  }

  // check(datatype, bytes, shape, place): raises an error where these do not fit.
  static int check(lua_State* L) {
    checked_count(L, check_text(L, 2), read_datatype(L, 1), 3, check_text(L, 4));
    return 0;
  }

  // fill(datatype, shape, pattern)
  static int fill(lua_State* L) {
    const Datatype datatype = read_datatype(L, 1);
    const size_t count = read_value_count(L, 2, kShape);
    std::string pattern;
    const size_t in_pattern = pack_values(L, 3, datatype, "pattern", pattern);
    if (in_pattern == 0) throw std::runtime_error("pattern has no values to repeat");
    push_view(L, repeated(pattern, datatype, in_pattern, count));
    return 1;
  }

  // random(datatype, shape, low?, high?)
  static int random(lua_State* L) {
    const Datatype datatype = read_datatype(L, 1);
    if (datatype == Datatype::kBytes) {
      throw std::runtime_error("BYTES has no random values; write tensor.pack with random.string");
    }
    const size_t count = read_value_count(L, 2, kShape);
    check_tensor_size(count, value_size(datatype));
    const double low = luaL_optnumber(L, 3, 0);
    const double high = luaL_optnumber(L, 4, 1);
    check_range(datatype, low, high);
    auto& self = upvalue<TensorInstance>(L);
    with_stored(datatype, [&]<typename Stored>(Stored) {
      append_random<Stored>(self.buffer_, count, low, high, self.random_.generator());
    });
    push_view(L, self.buffer_);
    return 1;
  }

  static void check_range(Datatype datatype, double low, double high) {
    for (const double bound : {low, high}) {
      if (in_range(datatype, bound)) continue;
      throw std::runtime_error(fmt::format("low and high must be {} of {}'s range, got {}",
                                           is_real(datatype) ? "numbers" : "whole numbers",
                                           datatype_name(datatype), shown_number(bound)));
    }
    if (low <= high) return;
    throw std::runtime_error(fmt::format("high must be at least low, got {} and {}",
                                         shown_number(low), shown_number(high)));
  }

  static bool in_range(Datatype datatype, double bound) {
    constexpr double kLargestExact = 9007199254740992;  // 2^53
    if (is_real(datatype)) return std::isfinite(to_datatype(datatype, bound));
    return std::abs(bound) <= kLargestExact && bound == std::trunc(bound) &&
           holds(datatype, static_cast<int64_t>(bound));
  }

  // read(datatype, shape, bytes or values): the list of values, or nil and what is wrong with what
  // a server sent.
  static int read(lua_State* L) try {
    const Datatype datatype = read_datatype(L, 1);
    std::string packed;
    std::string_view bytes;
    if (lua_type(L, 3) == LUA_TSTRING) {
      bytes = view_at(L, 3);
    } else {
      pack_values(L, 3, datatype, "data", packed);
      bytes = packed;
    }
    push_value_list(L, bytes, datatype, checked_count(L, bytes, datatype, 2, "data"));
    return 1;
  } catch (const std::runtime_error& error) {
    lua_pushnil(L);
    lua_pushstring(L, error.what());
    return 2;
  }

  // values_json(datatype, bytes, place)
  static int values_json(lua_State* L) {
    std::string& out = upvalue<TensorInstance>(L).buffer_;
    out.clear();
    append_value_json(out, check_text(L, 2), read_datatype(L, 1), check_text(L, 3));
    push_view(L, out);
    return 1;
  }

  static int encode(lua_State* L) {
    std::string text;
    encode_json(L, 1, text);
    push_view(L, text);
    return 1;
  }

  // decode(text): the value, or nil and what is wrong with the text. Integers keep all their
  // digits.
  static int decode(lua_State* L) try {
    decode_json(L, check_text(L, 1), {.integers = Integers::kExact});
    return 1;
  } catch (const std::runtime_error& error) {
    lua_pushnil(L);
    lua_pushstring(L, error.what());
    return 2;
  }

  static int refuse(lua_State* L) { throw std::runtime_error(std::string(check_text(L, 1))); }

  // suggest(word, known words with blanks between): ` (did you mean "shape"?)` or ""
  static int suggest(lua_State* L) {
    std::vector<std::string_view> known;
    std::string_view words = check_text(L, 2);
    while (!words.empty()) {
      const size_t end = std::min(words.find(' '), words.size());
      known.push_back(words.substr(0, end));
      words.remove_prefix(std::min(end + 1, words.size()));
    }
    push_view(L, did_you_mean(check_text(L, 1), known));
    return 1;
  }

  RandomSource random_;
  std::string buffer_;  // its memory is used again by every call
};

}  // namespace

std::unique_ptr<Module::Instance> TensorModule::open(ScriptHost& host) {
  return std::make_unique<TensorInstance>(host);
}

}  // namespace perigee
