// A range of IP addresses of one family, as options name them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "engine/net/address.h"

namespace perigee {

// A value. Both ends belong to the range.
class AddressRange {
 public:
  // Reads "10.0.0.0/8", "10.0.0.1-10.0.0.9" and "10.0.0.1", of either family. Nothing if it is none
  // of these, mixes families, or ends before it begins.
  static std::optional<AddressRange> parse(std::string_view text);
  // As `parse`, but leaves out what no host may have: the first and the last address of an IPv4
  // network of more than two.
  static std::optional<AddressRange> parse_hosts(std::string_view text);

  // Whatever the address's port.
  bool contains(const Address& address) const;
  // How many there are; the largest number for networks beyond counting.
  uint64_t count() const;
  // The address `index` places after the first, with port 0. `index` must be below `count`.
  Address nth(uint64_t index) const;
  // "10.0.0.0-10.255.255.255", or the one address there is.
  std::string text() const;

  bool operator==(const AddressRange&) const = default;

 private:
  AddressRange(const Address& first, const Address& last) : first_(first), last_(last) {}

  Address first_;
  Address last_;
};

}  // namespace perigee
