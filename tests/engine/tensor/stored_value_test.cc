#include "engine/tensor/stored_value.h"

#include <cmath>

#include <doctest/doctest.h>

namespace perigee {
namespace {

TEST_CASE("the type of each datatype has the size that its values take") {
  for (const std::string_view name : datatype_names()) {
    CAPTURE(name);
    const Datatype datatype = *parse_datatype(name);
    if (datatype == Datatype::kBytes) continue;
    with_stored(datatype, [&](auto value) {
      CHECK(sizeof value == value_size(datatype));
      CHECK(kIsReal<decltype(value)> == is_real(datatype));
    });
  }
  CHECK(value_size(Datatype::kBytes) == 0);
}

TEST_CASE("a value is read where it was written, and the place moves on") {
  char bytes[10];
  char* end = bytes;
  store(end, int16_t{-2});
  store(end, 1.5);
  CHECK(end == bytes + sizeof bytes);
  const char* at = bytes;
  CHECK(load<int16_t>(at) == -2);
  CHECK(load<double>(at) == 1.5);
  CHECK(at == end);
}

TEST_CASE("a real is rounded to the type it is stored in") {
  CHECK(real_of(stored_real<Fp16>(2049)) == 2048);
  CHECK(real_of(stored_real<Fp16>(65520)) == HUGE_VAL);
  CHECK(real_of(stored_real<Bf16>(257)) == 256);
  CHECK(real_of(stored_real<float>(0.1)) == 0.1F);
  CHECK(real_of(stored_real<double>(0.1)) == 0.1);
}

}  // namespace
}  // namespace perigee
