#include "engine/execution/iteration_errors.h"

#include <string_view>

#include <fmt/format.h>

#include "engine/base/utf8.h"

namespace perigee {
namespace {

// A page of HTML as an error would hide all other warnings.
constexpr size_t kLongestError = 300;

// Without the stack, which the log has.
std::string first_line(std::string_view error) {
  error = error.substr(0, error.find('\n'));
  if (error.size() <= kLongestError) return std::string(error);
  size_t end = 0;
  while (end < kLongestError)
    end += first_utf8_part(error.substr(end)).size;
  return std::string(error.substr(0, end)) + "…";
}

}  // namespace

std::vector<std::string> describe_iteration_errors(const std::vector<Scenario>& scenarios,
                                                   const std::deque<ScenarioProgress>& progress) {
  std::vector<std::string> sentences;
  for (size_t i = 0; i < scenarios.size(); ++i) {
    const uint64_t failed = progress[i].failed();
    if (failed == 0) continue;
    sentences.push_back(
        fmt::format("{}{} of {} iterations ended with an error, first: {}",
                    scenarios.size() > 1 ? fmt::format("Scenario {}: ", scenarios[i].name) : "",
                    failed, progress[i].completed.load(), first_line(progress[i].first_error())));
  }
  return sentences;
}

}  // namespace perigee
