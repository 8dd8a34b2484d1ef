// The bytes of copied Lua values. They never leave the process: numbers lie in them as in memory.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

#include "engine/base/check.h"

namespace perigee {

// What a value begins with.
enum class ValueTag : char {
  kNil = 'n',
  kNull = '0',  // json.null
  kFalse = 'f',
  kTrue = 't',
  kNumber = '#',  // then the double
  kInt64 = 'i',   // LuaJIT's int64_t: then the eight bytes
  kUint64 = 'u',
  kString = 's',  // then the size and the bytes
  kTable = '{',   // then the sizes of list part and rest, the elements, the keys with their values
  kArray = '[',   // the same for a table that json.array has marked
};

// Takes copied values apart.
class ValueReader {
 public:
  explicit ValueReader(std::string_view bytes) : bytes_(bytes) {}

  bool at_end() const { return bytes_.empty(); }
  ValueTag tag() { return static_cast<ValueTag>(take(1).front()); }
  double number() {
    double value = 0;
    std::memcpy(&value, take(sizeof value).data(), sizeof value);
    return value;
  }
  uint64_t integer() {
    uint64_t value = 0;
    std::memcpy(&value, take(sizeof value).data(), sizeof value);
    return value;
  }
  uint32_t size() {
    uint32_t value = 0;
    std::memcpy(&value, take(sizeof value).data(), sizeof value);
    return value;
  }
  std::string_view string() { return take(size()); }

 private:
  std::string_view take(size_t size) {
    PERIGEE_CHECK(size <= bytes_.size());
    const std::string_view taken = bytes_.substr(0, size);
    bytes_.remove_prefix(size);
    return taken;
  }

  std::string_view bytes_;
};

// Puts them together.
class ValueWriter {
 public:
  explicit ValueWriter(std::string& out) : out_(out) {}

  void tag(ValueTag tag) { out_ += static_cast<char>(tag); }
  void number(double value) { append(&value, sizeof value); }
  void integer(uint64_t value) { append(&value, sizeof value); }
  void size(uint32_t value) { append(&value, sizeof value); }
  void string(std::string_view text) {
    size(static_cast<uint32_t>(text.size()));
    out_ += text;
  }
  // Where the next byte goes, for `set_size`.
  size_t position() const { return out_.size(); }
  void set_size(size_t position, uint32_t value) {
    std::memcpy(out_.data() + position, &value, sizeof value);
  }

 private:
  void append(const void* bytes, size_t size) {
    out_.append(static_cast<const char*>(bytes), size);
  }

  std::string& out_;
};

}  // namespace perigee
