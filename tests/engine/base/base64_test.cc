#include "engine/base/base64.h"

#include <random>

#include <doctest/doctest.h>

namespace perigee {
namespace {

// The same bytes in all spellings, as Python's base64 module writes them.
struct Spelt {
  std::string bytes;
  const char* standard;
  const char* raw_standard;
  const char* url;
  const char* raw_url;
};

const Spelt kSpelt[] = {
    {"", "", "", "", ""},
    {"f", "Zg==", "Zg", "Zg==", "Zg"},
    {"fo", "Zm8=", "Zm8", "Zm8=", "Zm8"},
    {"foo", "Zm9v", "Zm9v", "Zm9v", "Zm9v"},
    {"foob", "Zm9vYg==", "Zm9vYg", "Zm9vYg==", "Zm9vYg"},
    {std::string("\xfb\xff\xfe\0", 4), "+//+AA==", "+//+AA", "-__-AA==", "-__-AA"},
    {"\xfa\xfb\xfc\xfd\xfe\xff", "+vv8/f7/", "+vv8/f7/", "-vv8_f7_", "-vv8_f7_"},
};

constexpr Base64 kAll[] = {Base64::kStandard, Base64::kRawStandard, Base64::kUrl, Base64::kRawUrl};

}  // namespace

TEST_CASE("Base64 is written and read in four spellings") {
  for (const Spelt& spelt : kSpelt) {
    CHECK(encode_base64(spelt.bytes, Base64::kStandard) == spelt.standard);
    CHECK(encode_base64(spelt.bytes, Base64::kRawStandard) == spelt.raw_standard);
    CHECK(encode_base64(spelt.bytes, Base64::kUrl) == spelt.url);
    CHECK(encode_base64(spelt.bytes, Base64::kRawUrl) == spelt.raw_url);
    CHECK(decode_base64(spelt.standard, Base64::kStandard) == spelt.bytes);
    CHECK(decode_base64(spelt.raw_standard, Base64::kRawStandard) == spelt.bytes);
    CHECK(decode_base64(spelt.url, Base64::kUrl) == spelt.bytes);
    CHECK(decode_base64(spelt.raw_url, Base64::kRawUrl) == spelt.bytes);
  }
}

TEST_CASE("random bytes survive the way to Base64, to hexadecimal, and back") {
  std::mt19937_64 random(3);
  for (int i = 0; i < 500; ++i) {
    std::string bytes(random() % 40, '\0');
    for (char& byte : bytes)
      byte = static_cast<char>(random() & 0xff);
    for (const Base64 spelling : kAll)
      CHECK(decode_base64(encode_base64(bytes, spelling), spelling) == bytes);
    CHECK(decode_hex(encode_hex(bytes)) == bytes);
  }
}

TEST_CASE("what is not Base64 in the spelling asked for is refused") {
  for (const char* text : {"Zg", "Zg=", "Zg===", "Z", "Zg==Zg==", "Z=g=", "Zm9v-__-", "Zm 9v"}) {
    CAPTURE(text);
    CHECK_FALSE(decode_base64(text, Base64::kStandard).has_value());
  }
  CHECK_FALSE(decode_base64("Zg==", Base64::kRawStandard).has_value());
  CHECK_FALSE(decode_base64("+//+AA==", Base64::kUrl).has_value());
  CHECK_FALSE(decode_base64("A", Base64::kRawUrl).has_value());
}

TEST_CASE("line ends in Base64 are skipped") {
  CHECK(decode_base64("Zm9v\r\nYg==\n", Base64::kStandard) == "foob");
}

TEST_CASE("hexadecimal is written in lower case and read in either") {
  CHECK(encode_hex(std::string("\0\x7f\xff", 3)) == "007fff");
  CHECK(decode_hex("007FfF") == std::string("\0\x7f\xff", 3));
  for (const char* text : {"0", "0g", "0x", " 0"})
    CHECK_FALSE(decode_hex(text).has_value());
}

}  // namespace perigee
