#include "engine/protobuf/enum_type.h"

#include <algorithm>
#include <numeric>
#include <utility>

namespace perigee::protobuf {

void EnumType::set_values(std::vector<EnumValue> values) {
  values_ = std::move(values);
  by_name_.resize(values_.size());
  std::iota(by_name_.begin(), by_name_.end(), size_t{0});
  by_number_ = by_name_;
  std::sort(by_name_.begin(), by_name_.end(),
            [&](size_t a, size_t b) { return values_[a].name < values_[b].name; });
  std::stable_sort(by_number_.begin(), by_number_.end(),
                   [&](size_t a, size_t b) { return values_[a].number < values_[b].number; });
}

const EnumValue* EnumType::find(std::string_view name) const {
  const auto found =
      std::lower_bound(by_name_.begin(), by_name_.end(), name,
                       [&](size_t i, std::string_view wanted) { return values_[i].name < wanted; });
  return found != by_name_.end() && values_[*found].name == name ? &values_[*found] : nullptr;
}

const EnumValue* EnumType::find(int32_t number) const {
  const auto found =
      std::lower_bound(by_number_.begin(), by_number_.end(), number,
                       [&](size_t i, int32_t wanted) { return values_[i].number < wanted; });
  return found != by_number_.end() && values_[*found].number == number ? &values_[*found] : nullptr;
}

}  // namespace perigee::protobuf
