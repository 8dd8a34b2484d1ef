#include "engine/base/log_format.h"

#include <doctest/doctest.h>

#include "engine/base/config_error.h"

namespace perigee {
namespace {

LogEntry entry(std::string_view message, std::string_view source = {}) {
  return {.time = std::chrono::system_clock::time_point(std::chrono::seconds(1'767'225'600)),
          .level = LogLevel::kWarning,
          .message = message,
          .source = source};
}

TEST_CASE("a line of text has time, level, message and source") {
  CHECK(format_entry(LogFormat::kText, entry("no answer", "console")) ==
        "time=\"2026-01-01T00:00:00Z\" level=warning msg=\"no answer\" source=console\n");
}

TEST_CASE("a line of JSON has the same") {
  CHECK(format_entry(LogFormat::kJson, entry("say \"hi\"\n", "console")) ==
        R"({"level":"warning","msg":"say \"hi\"\n","source":"console",)"
        R"("time":"2026-01-01T00:00:00Z"})"
        "\n");
  CHECK(format_entry(LogFormat::kJson, entry("x")) ==
        "{\"level\":\"warning\",\"msg\":\"x\",\"time\":\"2026-01-01T00:00:00Z\"}\n");
}

TEST_CASE("a line of JSON is JSON whatever the message consists of") {
  CHECK(format_entry(LogFormat::kJson, entry("\xff")) ==
        "{\"level\":\"warning\",\"msg\":\"\xef\xbf\xbd\",\"time\":\"2026-01-01T00:00:00Z\"}\n");
}

TEST_CASE("a raw line is the message") {
  CHECK(format_entry(LogFormat::kRaw, entry("a\tb", "console")) == "a\tb\n");
}

TEST_CASE("what could steer a terminal is written out") {
  CHECK(format_entry(LogFormat::kText, entry("\x1b[2J\ta\rb")) ==
        "time=\"2026-01-01T00:00:00Z\" level=warning msg=\"\\x1b[2J\\ta\\rb\"\n");
}

TEST_CASE("levels have k6's names") {
  CHECK(parse_log_level("--log-output", "debug") == LogLevel::kDebug);
  CHECK(parse_log_level("--log-output", "info") == LogLevel::kInfo);
  CHECK(parse_log_level("--log-output", "warning") == LogLevel::kWarning);
  CHECK(parse_log_level("--log-output", "warn") == LogLevel::kWarning);
  CHECK(parse_log_level("--log-output", "error") == LogLevel::kError);
  CHECK_THROWS_WITH_AS(parse_log_level("--log-output", "eror"),
                       "--log-output: there is no level \"eror\" (did you mean \"error\"?); there "
                       "are debug, info, warning, error",
                       ConfigError);
}

}  // namespace
}  // namespace perigee
