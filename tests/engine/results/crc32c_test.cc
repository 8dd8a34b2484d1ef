#include "engine/results/crc32c.h"

#include <string>

#include <doctest/doctest.h>

namespace perigee::results {

TEST_CASE("CRC32C has the values of RFC 3720") {
  CHECK(crc32c("") == 0);
  CHECK(crc32c("123456789") == 0xe306'9283);
  CHECK(crc32c(std::string(32, '\0')) == 0x8a91'36aa);
  CHECK(crc32c(std::string(32, '\xff')) == 0x62a8'ab43);
}

TEST_CASE("CRC32C of two parts is that of the whole") {
  CHECK(crc32c("456789", crc32c("123")) == crc32c("123456789"));
}

}  // namespace perigee::results
