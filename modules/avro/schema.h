// A schema of Avro as a tree of types, which values are written and read by.
#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace perigee::avro {

enum class Kind : uint8_t {
  kNull,
  kBoolean,
  kInt,
  kLong,
  kFloat,
  kDouble,
  kBytes,
  kString,
  kRecord,
  kEnum,
  kFixed,
  kArray,
  kMap,
  kUnion,
};

struct Type;

struct Field {
  std::string name;
  const Type* type = nullptr;
  std::optional<std::string> default_bytes{};  // as they are written
};

struct Type {
  Kind kind = Kind::kNull;
  std::string name{};           // "shop.Order" of what has a name, else "string", "array", ...
  std::vector<Field> fields{};  // of a record
  std::vector<std::string> symbols{};  // of an enum
  size_t size = 0;                     // of a fixed
  std::vector<const Type*> parts{};    // a union's branches; what an array or a map holds

  bool takes_null() const;
};

// Immutable.
class Schema {
 public:
  // Reads the JSON of a schema. Throws std::runtime_error that says what is wrong.
  explicit Schema(std::string_view text);
  Schema(const Schema&) = delete;
  Schema& operator=(const Schema&) = delete;
  ~Schema() = default;

  const Type& root() const { return *root_; }

 private:
  std::deque<Type> types_;  // which point at each other
  const Type* root_;
};

}  // namespace perigee::avro
