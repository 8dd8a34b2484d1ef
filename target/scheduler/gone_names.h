// The names of what has gone and is still listed: so many of them, those that went last.
#pragma once

#include <cstddef>
#include <list>
#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace perigee {

class GoneNames {
 public:
  explicit GoneNames(size_t max) : max_(max) {}

  // The one that is to be forgotten for it, if there are too many now.
  std::optional<std::string> add(const std::string& name) {
    remove(name);
    places_[name] = names_.insert(names_.end(), name);
    if (names_.size() <= max_) return std::nullopt;
    std::string oldest = names_.front();
    remove(oldest);
    return oldest;
  }
  // It is there again.
  void remove(std::string_view name) {
    const auto place = places_.find(name);
    if (place == places_.end()) return;
    names_.erase(place->second);
    places_.erase(place);
  }

 private:
  const size_t max_;
  std::list<std::string> names_;  // the oldest first
  std::map<std::string, std::list<std::string>::iterator, std::less<>> places_;
};

}  // namespace perigee
