#include "cli/progress_text.h"

#include <algorithm>
#include <vector>

#include <fmt/format.h>

namespace perigee {
namespace {

constexpr size_t kWidestBar = 30;
constexpr size_t kNarrowestBar = 6;
constexpr size_t kWidestName = 30;
constexpr size_t kNarrowestName = 8;
constexpr size_t kScenariosInDigest = 3;

// 12.3s, 1m02.3s, 1h01m02s: of a steady width while it counts up.
std::string clock_text(Duration elapsed) {
  const int64_t tenths = elapsed / std::chrono::milliseconds(100);
  const int64_t seconds = tenths / 10;
  const int64_t minutes = seconds / 60;
  if (minutes >= 60) {
    return fmt::format("{}h{:02}m{:02}s", minutes / 60, minutes % 60, seconds % 60);
  }
  return fmt::format("{}m{:02}.{}s", minutes, seconds % 60, tenths % 10);
}

const char* phase_name(RunPhase phase) {
  switch (phase) {
    case RunPhase::kPreparing:
      return "preparing";
    case RunPhase::kSetup:
      return "setup";
    case RunPhase::kLoad:
      return "running";
    case RunPhase::kTeardown:
      return "teardown";
    case RunPhase::kFinished:
      return "done";
  }
  return "";
}

const char* state_name(const RunStatus& status) {
  const bool stands_still = status.paused && status.phase == RunPhase::kLoad;
  return stands_still ? "paused" : phase_name(status.phase);
}

bool is_running(const ScenarioStatus& scenario) {
  return scenario.started && !scenario.done;
}

double fraction_of(const ScenarioStatus& scenario) {
  return std::clamp(scenario.fraction, 0.0, 1.0);
}

// Of text whose every character is one byte and one column.
std::string cut(std::string text, size_t columns) {
  if (text.size() > columns) text.resize(columns);
  return text;
}

// Names of scenarios are ASCII.
std::string cut_name(const std::string& name, size_t columns) {
  if (name.size() <= columns) return fmt::format("{:<{}}", name, columns);
  return name.substr(0, columns - 1) + "…";
}

std::string bar_of(const ScenarioStatus& scenario, size_t width) {
  const auto filled = static_cast<size_t>(fraction_of(scenario) * static_cast<double>(width));
  std::string bar(width, '-');
  std::fill_n(bar.begin(), filled, '=');
  if (filled < width && is_running(scenario)) bar[filled] = '>';
  return fmt::format("[{}] ", bar);
}

const char* mark_of(const ScenarioStatus& scenario) {
  if (scenario.done) return scenario.failed ? "✗" : "✓";
  return scenario.started ? " " : "•";
}

}  // namespace

std::string progress_line(const RunStatus& status, size_t columns) {
  const std::string head =
      fmt::format("{} ({}), {}/{} VUs, ", state_name(status), clock_text(status.elapsed),
                  status.vus_active, status.vus_initialized);
  const std::string full = fmt::format("{}{} complete and {} interrupted iterations", head,
                                       status.completed, status.interrupted);
  if (full.size() <= columns) return full;
  return cut(fmt::format("{}{} iterations", head, status.completed), columns);
}

std::string progress_bar(const ScenarioStatus& scenario, size_t name_width, size_t columns) {
  const char* mark = mark_of(scenario);
  std::string figures =
      fmt::format("{:3.0f}%  {}  {}/{}", fraction_of(scenario) * 100, scenario.detail,
                  clock_text(scenario.elapsed), clock_text(scenario.duration));
  const size_t marks = std::string_view(" x ").size();
  const size_t brackets = std::string_view("[] ").size();
  const size_t needed = name_width + marks + figures.size();
  std::string bar;
  if (needed + brackets + kNarrowestBar <= columns) {
    bar = bar_of(scenario, std::min(kWidestBar, columns - needed - brackets));
  } else if (needed > columns) {
    const size_t too_much = needed - columns;
    name_width =
        std::max(std::min(kNarrowestName, name_width), name_width - std::min(name_width, too_much));
    figures = cut(std::move(figures), columns - std::min(columns, name_width + marks));
  }
  return fmt::format("{} {} {}{}", cut_name(scenario.name, name_width), mark, bar, figures);
}

std::string progress_block(const RunStatus& status, const ScreenSize& screen) {
  std::string block = progress_line(status, screen.columns) + '\n';
  std::vector<const ScenarioStatus*> scenarios;
  size_t name_width = 0;
  for (const ScenarioStatus& scenario : status.scenarios) {
    scenarios.push_back(&scenario);
    name_width = std::max(name_width, std::min(scenario.name.size(), kWidestName));
  }
  // One line is the block's first, and one stays for the cursor.
  const size_t room = std::max<size_t>(screen.rows, 4) - 2;
  const size_t all = scenarios.size();
  if (all > room) {
    std::stable_partition(scenarios.begin(), scenarios.end(),
                          [](const ScenarioStatus* one) { return is_running(*one); });
    scenarios.resize(room - 1);
  }
  for (const ScenarioStatus* scenario : scenarios)
    block += progress_bar(*scenario, name_width, screen.columns) + '\n';
  if (all > room) {
    block += cut(fmt::format("and {} more scenarios", all - scenarios.size()), screen.columns);
    block += '\n';
  }
  return block;
}

std::string progress_digest(const RunStatus& status) {
  std::string line = progress_line(status, std::string::npos);
  size_t told = 0;
  size_t running = 0;
  for (const ScenarioStatus& scenario : status.scenarios) {
    if (!is_running(scenario) || ++running > kScenariosInDigest) continue;
    line += fmt::format("{}{} {:.0f}%", told++ == 0 ? "; " : ", ", scenario.name,
                        fraction_of(scenario) * 100);
  }
  if (running > told) line += fmt::format(" and {} more scenarios", running - told);
  return line;
}

}  // namespace perigee
