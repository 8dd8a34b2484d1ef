#include "engine/metrics/system_tags.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "engine/base/config_error.h"
#include "engine/base/suggest.h"

namespace perigee {
namespace {

constexpr std::array<std::string_view, 17> kNames{
    "check",       "error", "error_code", "expected_response", "group",   "ip",     "iter",
    "method",      "name",  "proto",      "scenario",          "service", "status", "subproto",
    "tls_version", "url",   "vu"};

constexpr bool is_metadata(SystemTag tag) {
  return tag == SystemTag::kVu || tag == SystemTag::kIter;
}

size_t index_of(std::string_view name) {
  return static_cast<size_t>(std::find(kNames.begin(), kNames.end(), name) - kNames.begin());
}

}  // namespace

SystemTags::SystemTags() {
  on_.set();
  for (SystemTag tag : {SystemTag::kIp, SystemTag::kIter, SystemTag::kVu})
    on_.reset(static_cast<size_t>(tag));
}

SystemTags::SystemTags(const std::vector<std::string>& names) {
  for (const std::string& name : names) {
    if (name == "ocsp_status") {
      throw ConfigError("there is no ocsp_status, because TLS is not in this version");
    }
    const size_t index = index_of(name);
    if (index == kNames.size()) {
      throw ConfigError(fmt::format("there is no system tag \"{}\"{}; there are {}", name,
                                    did_you_mean(name, kNames), fmt::join(kNames, ", ")));
    }
    on_.set(index);
  }
}

bool SystemTags::drops(std::string_view name) const {
  const size_t index = index_of(name);
  return index < kNames.size() && !on_[index];
}

bool SystemTags::drops_any() const {
  SystemTags usual;
  return (on_ & usual.on_) != usual.on_;
}

std::vector<std::string_view> SystemTags::names() const {
  std::vector<std::string_view> names;
  for (size_t i = 0; i < kNames.size(); ++i) {
    if (on_[i]) names.push_back(kNames[i]);
  }
  return names;
}

std::vector<std::string_view> SystemTags::columns() const {
  std::vector<std::string_view> names;
  for (size_t i = 0; i < kNames.size(); ++i) {
    if (on_[i] && !is_metadata(static_cast<SystemTag>(i))) names.push_back(kNames[i]);
  }
  return names;
}

}  // namespace perigee
