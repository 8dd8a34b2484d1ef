// Names that the options give an address to, or block.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/net/net_options.h"

namespace perigee {

// Immutable. Patterns match in any case of their letters; one with a port goes before one without,
// then an exact one before one with a "*", then a longer one before a shorter.
class HostTable {
 public:
  HostTable() = default;
  HostTable(std::vector<HostEntry> hosts, std::vector<std::string> blocked);

  // Whether connections to `host` are refused. Addresses are not blocked by name.
  bool blocks(std::string_view host) const;
  // The address and port that stand for `host`, if any do.
  std::optional<Address> find(std::string_view host, uint16_t port) const;

 private:
  std::vector<HostEntry> hosts_;
  std::vector<std::string> blocked_;
};

// Whether `pattern` ("host", "*.domain", "*") covers `name`; both in lower case.
bool host_matches(std::string_view pattern, std::string_view name);

}  // namespace perigee
