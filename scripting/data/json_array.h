// A shared array of JSON values, kept as text outside of the Lua heaps.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "scripting/data/shared_array.h"

namespace perigee {

class JsonArray final : public SharedArray {
 public:
  // `text` must be a valid JSON array.
  explicit JsonArray(std::string text);

  size_t size() const override { return begins_.size() - 1; }
  void push(lua_State* L, size_t index) const override;

 private:
  std::string text_;
  // Where each element begins, after the "[" or the ","; then where one more would.
  std::vector<size_t> begins_;
};

// The array that a file holds. Throws ConfigError naming the file and what is wrong where.
std::unique_ptr<SharedArray> read_json_array(const std::filesystem::path& path);

}  // namespace perigee
