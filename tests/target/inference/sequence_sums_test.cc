#include "target/inference/sequence_sums.h"

#include <string>

#include <doctest/doctest.h>

#include "target/inference/sequence_refusal.h"

namespace perigee {
namespace {

constexpr int kGoOn = 0;
constexpr int kBegin = 1;
constexpr int kEnd = 2;

std::vector<Tensor> request(int64_t number, int64_t control, Reals values) {
  const auto size = static_cast<int64_t>(values.size());
  return {{"input", Datatype::kFp32, {1, size}, std::move(values)},
          {"sequence_id", Datatype::kUint64, {1}, Integers{number}},
          {"sequence_control_input", Datatype::kUint32, {1}, Integers{control}}};
}

int status_of(SequenceSums& sums, const std::vector<Tensor>& inputs) {
  try {
    sums.predict(inputs);
    return 200;
  } catch (const BadRequest& refusal) {
    return refusal_status_code(refusal);
  }
}

}  // namespace

TEST_CASE("a sequence's values are added up until it ends") {
  SequenceSums sums;
  CHECK(sums.predict(request(7, kBegin, {1, 2})).at(0).reals() == Reals{1, 2});
  CHECK(sums.predict(request(8, kBegin, {9, 9})).at(0).reals() == Reals{9, 9});
  CHECK(sums.predict(request(7, kGoOn, {1, 1})).at(0).reals() == Reals{2, 3});
  const std::vector<Tensor> last = sums.predict(request(7, kEnd, {1, 1}));
  CHECK(last.at(0).reals() == Reals{3, 4});
  CHECK(last.at(1).integers() == Integers{7});
  CHECK(status_of(sums, request(7, kGoOn, {1, 1})) == 404);
}

TEST_CASE("a sequence that is not open, or open already, is refused, and one too many") {
  SequenceSums sums;
  CHECK(status_of(sums, request(1, kGoOn, {1})) == 404);
  CHECK(status_of(sums, request(1, kEnd, {1})) == 404);
  CHECK(status_of(sums, request(1, kBegin, {1})) == 200);
  CHECK(status_of(sums, request(1, kBegin, {1})) == 409);
  CHECK(status_of(sums, request(1, 3, {1})) == 400);
  CHECK(status_of(sums, request(1, kGoOn, {1, 2})) == 400);
  for (size_t i = 1; i < SequenceSums::kMostSequences; ++i)
    CHECK(status_of(sums, request(static_cast<int64_t>(i) + 1, kBegin, {1})) == 200);
  CHECK(status_of(sums, request(1000, kBegin, {1})) == 503);
}

TEST_CASE("a sequence that begins without a number is given one") {
  SequenceSums sums;
  const int64_t number = sums.predict(request(0, kBegin, {1})).at(1).integers().at(0);
  CHECK(number != 0);
  CHECK(sums.predict(request(number, kEnd, {1})).at(0).reals() == Reals{2});
  CHECK(sums.predict(request(0, kBegin, {1})).at(1).integers().at(0) != number);
}

}  // namespace perigee
