// An enumeration of a schema: names of numbers.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace perigee::protobuf {

struct EnumValue {
  std::string name;
  int32_t number;
};

class EnumType {
 public:
  std::string full_name;
  // Fields of a closed one (proto2) take no other numbers than those with names.
  bool closed = false;
  // google.protobuf.NullValue, which JSON writes as null.
  bool null_value = false;

  // In the order of the .proto. Must be called once.
  void set_values(std::vector<EnumValue> values);
  const std::vector<EnumValue>& values() const { return values_; }
  // Null if there is none. Of several names for a number the first is its own.
  const EnumValue* find(std::string_view name) const;
  const EnumValue* find(int32_t number) const;

 private:
  std::vector<EnumValue> values_;
  std::vector<size_t> by_name_;
  std::vector<size_t> by_number_;  // the first of those with the same number
};

}  // namespace perigee::protobuf
