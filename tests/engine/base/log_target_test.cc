#include "engine/base/log_target.h"

#include <doctest/doctest.h>

#include "engine/base/config_error.h"
#include "tests/engine/output/scratch_folder.h"

namespace perigee {
namespace {

using Kind = LogTarget::Kind;

struct Refused {
  const char* text;
  const char* message;
};

const Refused kRefused[] = {
    {"loki=http://127.0.0.1:3100",
     "--log-output: this version does not send logs to Loki; write file=PATH and let an agent such "
     "as Promtail or Alloy send it"},
    {"stdrr",
     "--log-output: there is no \"stdrr\" (did you mean \"stderr\"?); there are stderr, stdout, "
     "none and file=PATH[,level=LEVEL]"},
    {"file=", "--log-output: file= lacks a path"},
    {"file=x,lvl=info", "--log-output: after the path there may be level=LEVEL, got \"lvl=info\""},
    {"file=x,level=all",
     "--log-output: there is no level \"all\"; there are debug, info, warning, error"}};

TEST_CASE("the log goes where k6's names say") {
  CHECK(parse_log_target("stderr").kind == Kind::kStderr);
  CHECK(parse_log_target("stdout").kind == Kind::kStdout);
  CHECK(parse_log_target("none").kind == Kind::kNone);
  const LogTarget file = parse_log_target("file=logs/run.log");
  CHECK(file.kind == Kind::kFile);
  CHECK(file.path == "logs/run.log");
  CHECK_FALSE(file.level);
  const LogTarget errors = parse_log_target("file=run.log,level=error");
  CHECK(errors.path == "run.log");
  CHECK(errors.level == LogLevel::kError);
}

TEST_CASE("other places are refused with what there is") {
  for (const Refused& refused : kRefused) {
    INFO(refused.text);
    CHECK_THROWS_WITH_AS(parse_log_target(refused.text), refused.message, ConfigError);
  }
}

TEST_CASE("a file is appended to, line by line") {
  const ScratchFolder folder;
  const LogTarget target = parse_log_target("file=" + folder / "run.log");
  open_log_target(target)("first\n");
  const auto write = open_log_target(target);
  write("second\n");
  CHECK(read_text(folder / "run.log") == "first\nsecond\n");
}

TEST_CASE("a file that can't be opened is told at once") {
  CHECK_THROWS_WITH_AS(open_log_target(parse_log_target("file=/proc/x/run.log")),
                       "can't open /proc/x/run.log for writing: No such file or directory",
                       ConfigError);
}

TEST_CASE("nothing is written where nothing is wanted") {
  CHECK_NOTHROW(open_log_target(parse_log_target("none"))("x\n"));
}

}  // namespace
}  // namespace perigee
