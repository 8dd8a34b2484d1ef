// The parts of a parsed JSON path.
#pragma once

#include "scripting/json_path.h"

namespace perigee {

// What `#(...)` asks of an element.
struct JsonPath::Query {
  // kExists: there is something at the path.
  enum class Operator {
    kExists,
    kEqual,
    kNotEqual,
    kLess,
    kLessEqual,
    kMore,
    kMoreEqual,
    kLike,
    kNotLike
  };

  bool holds_for(const Document& element) const;

  std::optional<JsonPath> path;  // within the element; the element itself if there is none
  Operator op = Operator::kExists;
  std::string value;
  bool all = false;  // `#(...)#`
};

struct JsonPath::Step {
  bool matches(std::string_view name) const;

  std::string key;  // a pattern if `wild`, in which `\` escapes
  bool wild = false;
  std::optional<size_t> index;  // what the key means to an array
  bool each = false;            // `#`
  std::unique_ptr<Query> query;
};

// Whether a text matches a pattern of *, ? and characters, of which `\` takes the next as it is.
bool matches_pattern(std::string_view text, std::string_view pattern);

}  // namespace perigee
