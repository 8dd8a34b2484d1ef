#include "target/inference/sequence_sums.h"

#include <utility>

#include <fmt/format.h>

#include "target/inference/sequence_refusal.h"
#include "target/input_tensor.h"

namespace perigee {
namespace {

constexpr int64_t kGoOn = 0;
constexpr int64_t kBegin = 1;
constexpr int64_t kEnd = 2;

constexpr int kBadRequest = 400;
constexpr int kNotFound = 404;
constexpr int kConflict = 409;
constexpr int kUnavailable = 503;

void add(Tensor& sums, const Tensor& values) {
  if (sums.shape != values.shape) {
    throw BadRequest(fmt::format("the sequence has values of the shape {}, and not {}",
                                 shape_text(sums.shape), shape_text(values.shape)));
  }
  auto& totals = std::get<Reals>(sums.values);
  for (size_t i = 0; i < totals.size(); ++i)
    totals[i] += values.reals()[i];
}

}  // namespace

int refusal_status_code(const BadRequest& refusal) {
  const auto* sequence = dynamic_cast<const SequenceRefusal*>(&refusal);
  if (sequence == nullptr) return kBadRequest;
  switch (sequence->fault()) {
    case SequenceFault::kUnknown:
      return kNotFound;
    case SequenceFault::kExists:
      return kConflict;
    case SequenceFault::kTooMany:
      return kUnavailable;
  }
  return kBadRequest;
}

std::vector<Tensor> SequenceSums::predict(std::span<const Tensor> inputs) {
  const int64_t control = inputs[2].integers().at(0);
  if (control != kGoOn && control != kBegin && control != kEnd) {
    throw BadRequest(fmt::format("sequence_control_input must be 0, 1 or 2, got {}", control));
  }
  const auto number = static_cast<uint64_t>(inputs[1].integers().at(0));
  const std::scoped_lock lock(mutex_);
  const auto sequence = control == kBegin ? open(number, inputs[0]) : find(number);
  if (control != kBegin) add(sequence->second, inputs[0]);
  Tensor id{"sequence_id", Datatype::kUint64, {1}, Integers{static_cast<int64_t>(sequence->first)}};
  Tensor sums = sequence->second;
  sums.name = "sum";
  if (control == kEnd) sums_.erase(sequence);
  return tensor_list(std::move(sums), std::move(id));
}

SequenceSums::Sums::iterator SequenceSums::open(uint64_t number, const Tensor& values) {
  if (number == 0) number = ++last_given_;
  if (sums_.contains(number)) {
    throw SequenceRefusal(SequenceFault::kExists,
                          fmt::format("Sequence with provided ID {} already exists", number));
  }
  if (sums_.size() == kMostSequences) {
    throw SequenceRefusal(
        SequenceFault::kTooMany,
        fmt::format("{} sequences are open, which is as many as there may be", kMostSequences));
  }
  return sums_.emplace(number, values).first;
}

SequenceSums::Sums::iterator SequenceSums::find(uint64_t number) {
  const auto found = sums_.find(number);
  if (found != sums_.end()) return found;
  throw SequenceRefusal(SequenceFault::kUnknown,
                        fmt::format("Sequence with provided ID {} does not exist", number));
}

}  // namespace perigee
