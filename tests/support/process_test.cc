#include "tests/support/process.h"

#include <csignal>
#include <stdexcept>
#include <string>

#include <doctest/doctest.h>

namespace perigee {

using namespace std::chrono_literals;

TEST_CASE("a program's exit code and both its outputs are kept") {
  const ProcessResult result = run_process({"sh", "-c", "echo one; echo two >&2; exit 3"});
  CHECK(result.exit_code == 3);
  CHECK(result.out == "one\n");
  CHECK(result.err == "two\n");
}

TEST_CASE("a program gets the environment and the folder it is given") {
  const ProcessResult result = run_process({"sh", "-c", "echo $COLOUR; pwd"},
                                           {.environment = {{"COLOUR", "red"}}, .folder = "/usr"});
  CHECK(result.out == "red\n/usr\n");
}

TEST_CASE("a line is told before the program has ended") {
  Process process({"sh", "-c", "echo ready: 42; exec sleep 60"});
  CHECK(process.wait_for_line("ready") == "ready: 42");
  process.signal(SIGTERM);
  CHECK(process.wait().exit_code == 128 + SIGTERM);
}

TEST_CASE("a program that does not say what is awaited is reported with what it said") {
  Process process({"sh", "-c", "echo something else"});
  CHECK_THROWS_WITH_AS(process.wait_for_line("ready"), doctest::Contains("something else"),
                       std::runtime_error);
}

TEST_CASE("waiting has a limit") {
  Process process({"sleep", "60"});
  CHECK_THROWS_WITH_AS(process.wait(0s), doctest::Contains("0 s without its end"),
                       std::runtime_error);
}

TEST_CASE("a program that can't be started ends with 127") {
  CHECK(run_process({"/no/such/program"}).exit_code == 127);
}

TEST_CASE("a program that still runs at the end of a test is killed") {
  pid_t pid = 0;
  {
    const Process process({"sleep", "60"});
    pid = process.pid();
    REQUIRE(kill(pid, 0) == 0);
  }
  CHECK(kill(pid, 0) != 0);
}

}  // namespace perigee
