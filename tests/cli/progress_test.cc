#include "cli/progress.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <string>

#include <doctest/doctest.h>

namespace perigee {
namespace {

using namespace std::chrono_literals;

// A stream that keeps what is written to it.
class Paper {
 public:
  Paper() : stream_(open_memstream(&text_, &size_)) {}
  ~Paper() {
    std::fclose(stream_);
    std::free(text_);
  }
  Paper(const Paper&) = delete;
  Paper& operator=(const Paper&) = delete;

  std::FILE* stream() { return stream_; }
  std::string text() {
    std::fflush(stream_);
    return {text_, size_};
  }

 private:
  char* text_ = nullptr;
  size_t size_ = 0;
  std::FILE* stream_;
};

RunStatus status() {
  RunStatus status;
  status.phase = RunPhase::kLoad;
  status.elapsed = 12300ms;
  status.vus_active = 10;
  status.vus_initialized = 12;
  status.completed = 345;
  status.interrupted = 2;
  return status;
}

ScenarioStatus scenario() {
  ScenarioStatus scenario;
  scenario.name = "steady";
  scenario.started = true;
  scenario.fraction = 0.4;
  scenario.elapsed = 12s;
  scenario.duration = 30s;
  scenario.detail = "10 VUs";
  return scenario;
}

}  // namespace

TEST_CASE("a line tells the phase, the time, the VUs and the iterations") {
  CHECK(progress_line(status(), 80) ==
        "running (0m12.3s), 10/12 VUs, 345 complete and 2 interrupted iterations");
}

TEST_CASE("time is told to the tenth of a second, from an hour on to the second") {
  RunStatus later = status();
  later.elapsed = 59960ms;
  CHECK(progress_line(later, 80).starts_with("running (0m59.9s),"));
  later.elapsed = 75s;
  CHECK(progress_line(later, 80).starts_with("running (1m15.0s),"));
  later.elapsed = 1h + 2min + 3s;
  CHECK(progress_line(later, 80).starts_with("running (1h02m03s),"));
}

TEST_CASE("each phase has its word") {
  RunStatus now = status();
  for (const auto& [phase, word] : {std::pair{RunPhase::kSetup, "setup ("},
                                    {RunPhase::kTeardown, "teardown ("},
                                    {RunPhase::kFinished, "done ("}}) {
    now.phase = phase;
    CHECK(progress_line(now, 80).starts_with(word));
  }
  RunStatus paused = status();
  paused.paused = true;
  CHECK(progress_line(paused, 80).starts_with("paused (0m12.3s),"));
}

TEST_CASE("a bar fills with its scenario") {
  CHECK(progress_bar(scenario(), 6, 80) ==
        "steady   [============>-----------------]  40%  10 VUs  0m12.0s/0m30.0s");
  ScenarioStatus waiting = scenario();
  waiting.started = false;
  waiting.fraction = 0;
  CHECK(progress_bar(waiting, 8, 100)
            .starts_with("steady   • [------------------------------]   0%"));
  ScenarioStatus done = scenario();
  done.done = true;
  done.fraction = 1;
  CHECK(progress_bar(done, 6, 100).starts_with("steady ✓ [==============================] 100%"));
  done.failed = true;
  CHECK(progress_bar(done, 6, 100).starts_with("steady ✗ [==============================] 100%"));
}

TEST_CASE("where nobody looks on, there is a line now and then and no escape sequence") {
  Paper paper;
  Log log(LogLevel::kInfo, [](std::string_view) {});
  Progress progress(paper.stream(), /*terminal=*/false, log);
  CHECK(progress.interval() == 3s);
  RunStatus preparing = status();
  preparing.phase = RunPhase::kPreparing;
  progress.on_status(preparing);
  CHECK(paper.text().empty());
  progress.on_status(status());
  CHECK(paper.text() ==
        "running (0m12.3s), 10/12 VUs, 345 complete and 2 interrupted iterations\n");
}

TEST_CASE("on a terminal the block is drawn anew in its place") {
  Paper paper;
  Log log(LogLevel::kInfo, [](std::string_view) {});
  Progress progress(paper.stream(), /*terminal=*/true, log);
  CHECK(progress.interval() == 100ms);
  RunStatus now = status();
  now.scenarios.push_back(scenario());
  progress.on_status(now);
  const std::string block = progress_line(now, 80) + "\n" + progress_bar(scenario(), 6, 80) + "\n";
  CHECK(paper.text() == block);
  progress.on_status(now);
  CHECK(paper.text() == block + "\x1b[2A\x1b[J" + block);
}

TEST_CASE("on a narrow screen the line tells less") {
  CHECK(progress_line(status(), 72) == progress_line(status(), 80));
  CHECK(progress_line(status(), 50) == "running (0m12.3s), 10/12 VUs, 345 iterations");
  CHECK(progress_line(status(), 40) == "running (0m12.3s), 10/12 VUs, 345 iterat");
}

TEST_CASE("a bar shrinks with the screen, then goes, and no line is wider than it") {
  CHECK(progress_bar(scenario(), 6, 60) ==
        "steady   [=======>-----------]  40%  10 VUs  0m12.0s/0m30.0s");
  CHECK(progress_bar(scenario(), 6, 40) == "steady    40%  10 VUs  0m12.0s/0m30.0s");
  CHECK(progress_bar(scenario(), 6, 30) == "steady    40%  10 VUs  0m12.0s");
}

TEST_CASE("long names are cut so that the figures stay") {
  ScenarioStatus named = scenario();
  named.name = "a_scenario_with_a_name_of_its_own";
  CHECK(progress_bar(named, 30, 80) ==
        "a_scenario_with_a_name_of_its…   [======>--------]  40%  10 VUs  0m12.0s/0m30.0s");
  CHECK(progress_bar(named, 30, 40) == "a_scena…    40%  10 VUs  0m12.0s/0m30.0s");
}

TEST_CASE("a block is never higher than the screen, and shows what runs first") {
  RunStatus busy = status();
  for (int i = 0; i < 10; ++i) {
    ScenarioStatus one = scenario();
    one.name = std::string("s") + std::to_string(i);
    one.started = i >= 7;
    busy.scenarios.push_back(one);
  }
  const std::string block = progress_block(busy, {.columns = 80, .rows = 6});
  CHECK(std::count(block.begin(), block.end(), '\n') == 5);
  CHECK(block.find("\ns7 ") != std::string::npos);
  CHECK(block.find("\ns9 ") != std::string::npos);
  CHECK(block.find("\ns0 ") == std::string::npos);
  CHECK(block.ends_with("and 7 more scenarios\n"));
}

TEST_CASE("a line for a log names the scenarios at work") {
  RunStatus busy = status();
  CHECK(progress_digest(busy) == progress_line(busy, 80));
  for (const char* name : {"one", "two", "three", "four", "five"}) {
    busy.scenarios.push_back(scenario());
    busy.scenarios.back().name = name;
  }
  busy.scenarios[1].done = true;
  CHECK(progress_digest(busy) ==
        progress_line(busy, 80) + "; one 40%, three 40%, four 40% and 1 more scenarios");
}

}  // namespace perigee
