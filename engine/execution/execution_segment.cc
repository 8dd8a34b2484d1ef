#include "engine/execution/execution_segment.h"

#include <algorithm>
#include <numeric>
#include <string_view>

#include <fmt/format.h>

#include "engine/base/config_error.h"
#include "engine/base/limits.h"

namespace perigee {
namespace {

[[noreturn]] void fail(const char* option, const std::string& what) {
  throw ConfigError(fmt::format("options.{}: {}", option, what));
}

Fraction read_cut(const char* option, std::string_view text) {
  const auto cut = parse_fraction(text);
  if (!cut || *cut > Fraction(1, 1)) {
    fail(option,
         fmt::format("\"{}\" is no part of a test: write 10%, 1/3 or 0.25, from 0 to 1", text));
  }
  return *cut;
}

std::vector<Fraction> read_sequence(const std::string& text) {
  constexpr const char* kOption = "executionSegmentSequence";
  std::vector<Fraction> cuts;
  for (size_t start = 0; start <= text.size();) {
    const size_t comma = std::min(text.find(',', start), text.size());
    cuts.push_back(read_cut(kOption, std::string_view(text).substr(start, comma - start)));
    if (cuts.size() > 1 && cuts[cuts.size() - 2] >= cuts.back()) {
      fail(kOption, fmt::format("must ascend, but {} does not come before {}",
                                cuts[cuts.size() - 2].text(), cuts.back().text()));
    }
    start = comma + 1;
  }
  if (cuts.size() < 2) fail(kOption, "must have two numbers or more, as in 0,1/4,1/2,1");
  return cuts;
}

}  // namespace

ExecutionSegment::ExecutionSegment(const std::string& segment, const std::string& sequence) {
  constexpr const char* kOption = "executionSegment";
  if (!segment.empty()) {
    const size_t colon = segment.find(':');
    const bool has_from = colon != std::string::npos;
    if (has_from) from_ = read_cut(kOption, std::string_view(segment).substr(0, colon));
    to_ = read_cut(kOption, std::string_view(segment).substr(has_from ? colon + 1 : 0));
    if (from_ >= to_) {
      fail(kOption, fmt::format("{} is empty: it must end after it starts", text()));
    }
  }
  if (!sequence.empty()) {
    const auto cuts = read_sequence(sequence);
    const auto found = std::find(cuts.begin(), cuts.end(), from_);
    if (found == cuts.end() || found + 1 == cuts.end() || *(found + 1) != to_) {
      fail(kOption, fmt::format("{} is none of the segments of {}", text(), sequence));
    }
    for (const Fraction& cut : cuts)
      add_cut(cut);
  }
  add_cut(from_);
  add_cut(to_);
  take_share();
}

// A sequence may leave out what comes before its first cut and after its last.
void ExecutionSegment::add_cut(const Fraction& cut) {
  const auto place = std::lower_bound(cuts_.begin(), cuts_.end(), cut);
  if (*place != cut) cuts_.insert(place, cut);
}

void ExecutionSegment::take_share() {
  int64_t cycle = 1;
  for (const Fraction& cut : cuts_) {
    cycle = std::lcm(cycle, cut.denominator());
    if (cycle > limits::kSegmentCycle) {
      fail("executionSegment",
           fmt::format("{} has no common denominator up to {}: write simpler fractions",
                       sequence_text(), limits::kSegmentCycle));
    }
  }
  if (cuts_.size() > limits::kSegments + 1) {
    fail("executionSegmentSequence", fmt::format("has {} segments, at most {} are possible",
                                                 cuts_.size() - 1, limits::kSegments));
  }
  const auto place = [&](const Fraction& cut) {
    return cut.numerator() * (cycle / cut.denominator());
  };
  std::vector<int64_t> lengths;
  size_t index = 0;
  for (size_t i = 0; i + 1 < cuts_.size(); ++i) {
    if (cuts_[i] == from_) index = i;
    lengths.push_back(place(cuts_[i + 1]) - place(cuts_[i]));
  }
  share_ = SegmentShare(lengths, index);
}

std::string ExecutionSegment::sequence_text() const {
  std::vector<std::string> texts;
  for (const Fraction& cut : cuts_)
    texts.push_back(cut.text());
  return fmt::format("{}", fmt::join(texts, ","));
}

}  // namespace perigee
