// The tags that samples get by themselves, and which of them a run wants: k6's system tags.
#pragma once

#include <bitset>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace perigee {

// In the order of their names.
enum class SystemTag : uint8_t {
  kCheck,
  kError,
  kErrorCode,
  kExpectedResponse,
  kGroup,
  kIp,
  kIter,
  kMethod,
  kName,
  kProto,
  kScenario,
  kService,
  kStatus,
  kSubproto,
  kTlsVersion,
  kUrl,
  kVu,
};

// A value. `vu` and `iter` are never tags of a series, they go with raw samples as metadata.
class SystemTags {
 public:
  // k6's usual ones: all but ip, iter and vu.
  SystemTags();

  // Those named and no others. Throws ConfigError naming the closest one for a name there is not.
  explicit SystemTags(const std::vector<std::string>& names);

  bool has(SystemTag tag) const { return on_[static_cast<size_t>(tag)]; }

  // Whether a tag of this name is a system tag that is switched off.
  bool drops(std::string_view name) const;
  bool drops_any() const;

  // The names of those that are on, sorted.
  std::vector<std::string_view> names() const;
  // The names of those that are on and tags of series, sorted.
  std::vector<std::string_view> columns() const;

 private:
  static constexpr size_t kCount = static_cast<size_t>(SystemTag::kVu) + 1;
  std::bitset<kCount> on_;
};

}  // namespace perigee
