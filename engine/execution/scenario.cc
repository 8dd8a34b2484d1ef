#include "engine/execution/scenario.h"

#include <fmt/format.h>

#include "engine/base/duration.h"

namespace perigee {
namespace {

template <typename... F>
struct Overloaded : F... {
  using F::operator()...;
};
template <typename... F>
Overloaded(F...) -> Overloaded<F...>;

std::string describe_config(const ConstantVus& c) {
  return fmt::format("{} looping VUs for {}", c.vus, format_duration(c.duration));
}
std::string describe_config(const SharedIterations& c) {
  return fmt::format("{} iterations shared among {} VUs (maxDuration: {}", c.iterations, c.vus,
                     format_duration(c.max_duration));
}
std::string describe_config(const PerVuIterations& c) {
  return fmt::format("{} iterations for each of {} VUs (maxDuration: {}", c.iterations, c.vus,
                     format_duration(c.max_duration));
}
std::string describe_config(const ConstantArrivalRate& c) {
  const std::string vus = c.max_vus > c.pre_allocated_vus
                              ? fmt::format("{}-{}", c.pre_allocated_vus, c.max_vus)
                              : fmt::format("{}", c.pre_allocated_vus);
  const double per_s = c.rate / to_seconds(c.time_unit);
  return fmt::format("{:.2f} iterations/s for {} (maxVUs: {}", per_s, format_duration(c.duration),
                     vus);
}

}  // namespace

Duration Scenario::duration() const {
  return std::visit(Overloaded{[](const ConstantVus& c) { return c.duration; },
                               [](const ConstantArrivalRate& c) { return c.duration; },
                               [](const auto& c) { return c.max_duration; }},
                    config);
}

int64_t Scenario::planned_vus() const {
  return std::visit(Overloaded{[](const ConstantArrivalRate& c) { return c.pre_allocated_vus; },
                               [](const auto& c) { return c.vus; }},
                    config);
}

int64_t Scenario::max_vus() const {
  return std::visit(Overloaded{[](const ConstantArrivalRate& c) { return c.max_vus; },
                               [](const auto& c) { return c.vus; }},
                    config);
}

std::string Scenario::describe() const {
  std::string text = std::visit([](const auto& c) { return describe_config(c); }, config);
  text += text.find('(') == std::string::npos ? " (" : ", ";
  if (exec != "default") text += fmt::format("exec: {}, ", exec);
  if (start_time > Duration::zero()) {
    text += fmt::format("startTime: {}, ", format_duration(start_time));
  }
  return text + fmt::format("gracefulStop: {})", format_duration(graceful_stop));
}

}  // namespace perigee
