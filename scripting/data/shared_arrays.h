// The shared arrays of a run, by name.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <utility>

#include "scripting/data/shared_array.h"

namespace perigee {

// Filled while the script is loaded for the first time, on one thread; only read from then on. An
// array lives as long as this.
class SharedArrays {
 public:
  // Null if there is none.
  const SharedArray* find(const std::string& name) const {
    const auto found = arrays_.find(name);
    return found == arrays_.end() ? nullptr : found->second.get();
  }
  const SharedArray* add(const std::string& name, std::unique_ptr<SharedArray> array) {
    return (arrays_[name] = std::move(array)).get();
  }

 private:
  std::map<std::string, std::unique_ptr<SharedArray>> arrays_;
};

}  // namespace perigee
