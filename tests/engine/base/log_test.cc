#include "engine/base/log.h"

#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "engine/base/limits.h"

namespace perigee {
namespace {

// The lines a log has written, without the time they begin with.
struct Lines {
  std::vector<std::string> all;

  Log::Sink sink() {
    return [this](std::string_view line) {
      const size_t end_of_time = line.find(' ');
      all.emplace_back(line.substr(end_of_time + 1));
    };
  }
};

TEST_CASE("a log line names its level, its message and its source") {
  Lines lines;
  Log log(LogLevel::kInfo, lines.sink());
  log.console(LogLevel::kInfo, "hello from a VU");
  log.error("connection refused");
  REQUIRE(lines.all.size() == 2);
  CHECK(lines.all[0] == "level=info msg=\"hello from a VU\" source=console\n");
  CHECK(lines.all[1] == "level=error msg=\"connection refused\"\n");
}

TEST_CASE("of a kind that is logged once the first message is written") {
  Lines lines;
  Log log(LogLevel::kInfo, lines.sink());
  for (const char* kind : {"a", "b", "a"})
    log.once(LogLevel::kWarning, kind, kind);
  CHECK(lines.all == std::vector<std::string>{"level=warning msg=a\n", "level=warning msg=b\n"});
  for (size_t i = 0; i < 2 * limits::kLogKindsOnce; ++i)
    log.once(LogLevel::kWarning, "kind " + std::to_string(i), "x");
  CHECK(lines.all.size() == limits::kLogKindsOnce);
}

TEST_CASE("a log line begins with the time in UTC") {
  std::string line;
  Log log(LogLevel::kInfo, [&line](std::string_view text) { line = text; });
  log.info("x");
  REQUIRE(line.size() == 45);
  CHECK(line.substr(0, 8) == "time=\"20");
  CHECK(line[16] == 'T');
  CHECK(line.substr(25) == "Z\" level=info msg=x\n");
}

TEST_CASE("quotes, backslashes and line ends in a message stay on one readable line") {
  Lines lines;
  Log log(LogLevel::kInfo, lines.sink());
  log.info("say \"hi\"\nC:\\temp");
  REQUIRE(lines.all.size() == 1);
  CHECK(lines.all[0] == "level=info msg=\"say \\\"hi\\\"\\nC:\\\\temp\"\n");
}

TEST_CASE("levels below the lowest are not written") {
  Lines lines;
  Log log(LogLevel::kWarning, lines.sink());
  log.debug("d");
  log.info("i");
  log.warning("w");
  REQUIRE(lines.all.size() == 1);
  CHECK(lines.all[0] == "level=warning msg=w\n");
}

TEST_CASE("a flood of one kind of message is cut short, and what was left out is told") {
  Lines lines;
  Log log(LogLevel::kInfo, lines.sink());
  for (size_t n = 0; n < limits::kLogLinesPerKind + 3; ++n) {
    log.limited(LogLevel::kError, "iteration", "no item " + std::to_string(n));
  }
  CHECK(lines.all.size() == limits::kLogLinesPerKind);
  log.flush();
  REQUIRE(lines.all.size() == limits::kLogLinesPerKind + 1);
  CHECK(lines.all.back() ==
        "level=warning msg=\"3 more messages of the kind \\\"iteration\\\" were left out\"\n");
}

TEST_CASE("equal messages of a kind are one line, and another that counts them") {
  Lines lines;
  Log log(LogLevel::kInfo, lines.sink());
  for (int n = 0; n < 20; ++n)
    log.limited(LogLevel::kError, "iteration", "no token\nstack traceback:");
  log.limited(LogLevel::kWarning, "dns", "no such host");
  log.limited(LogLevel::kWarning, "dns", "no such host");
  log.flush();
  CHECK(lines.all ==
        std::vector<std::string>{"level=error msg=\"no token\\nstack traceback:\"\n",
                                 "level=warning msg=\"no such host\"\n",
                                 "level=warning msg=\"the same once more: no such host\"\n",
                                 "level=error msg=\"the same 19 times more: no token\"\n"});
}

TEST_CASE("a flood of one kind leaves room for the others") {
  Lines lines;
  Log log(LogLevel::kInfo, lines.sink());
  for (size_t n = 0; n < limits::kLogLinesPerKind + 3; ++n) {
    log.limited(LogLevel::kError, "iteration", "no item " + std::to_string(n));
  }
  log.limited(LogLevel::kError, "dns", "no such host");
  CHECK(lines.all.back() == "level=error msg=\"no such host\"\n");
}

TEST_CASE("nothing is told at the end when nothing was left out") {
  Lines lines;
  Log log(LogLevel::kInfo, lines.sink());
  log.limited(LogLevel::kError, "iteration", "once");
  log.flush();
  CHECK(lines.all.size() == 1);
}

TEST_CASE("what scripts print can go to a place of its own, and needs no source there") {
  Lines rest;
  Lines console;
  Log log({.sink = rest.sink(), .console = console.sink()});
  log.console(LogLevel::kWarning, "slow");
  log.info("x");
  CHECK(console.all == std::vector<std::string>{"level=warning msg=slow\n"});
  CHECK(rest.all == std::vector<std::string>{"level=info msg=x\n"});
}

TEST_CASE("scripts' debug messages are left out unless debug messages are wanted") {
  Lines lines;
  Log quiet({.sink = lines.sink()});
  quiet.console(LogLevel::kDebug, "details");
  CHECK(lines.all.empty());
  Log verbose({.lowest = LogLevel::kDebug, .sink = lines.sink()});
  verbose.console(LogLevel::kDebug, "details");
  CHECK(lines.all.size() == 1);
}

TEST_CASE("somebody may be around every line that is written") {
  std::vector<std::string> order;
  Log log({.format = LogFormat::kRaw,
           .sink = [&](std::string_view line) { order.emplace_back(line); }});
  log.surround([&](const std::function<void()>& write) {
    order.emplace_back("before");
    write();
    order.emplace_back("after");
  });
  log.info("x");
  log.console(LogLevel::kInfo, "y");
  log.surround(nullptr);
  log.info("z");
  CHECK(order ==
        std::vector<std::string>{"before", "x\n", "after", "before", "y\n", "after", "z\n"});
}

TEST_CASE("secrets stay out of the log, whoever writes them") {
  Lines lines;
  Log log({.redactor = Redactor(Redactor::Environment{{"API_TOKEN", "t0psecret"}}),
           .sink = lines.sink()});
  log.info("using t0psecret");
  log.console(LogLevel::kInfo, "t0psecret at http://me:pw@host/");
  log.limited(LogLevel::kError, "dial", "no connection to http://me:pw@host/?key=a");
  log.hide({{"MORE_TOKEN", "t1psecret"}});
  log.console(LogLevel::kInfo, "t1psecret");
  CHECK(lines.all ==
        std::vector<std::string>{"level=info msg=\"using ***\"\n",
                                 "level=info msg=\"*** at http://***@host/\" source=console\n",
                                 "level=error msg=\"no connection to http://***@host/?key=***\"\n",
                                 "level=info msg=\"***\" source=console\n"});
  CHECK(log.redacted("http://h/?token=x") == "http://h/?token=***");
}

TEST_CASE("what a script prints is not censored by its words") {
  Lines lines;
  Log log({.sink = lines.sink()});
  log.console(LogLevel::kInfo, "Cookie: chocolate, /buy?token=1");
  log.error("script.lua:4: authorization: granted");
  CHECK(lines.all == std::vector<std::string>{
                         "level=info msg=\"Cookie: chocolate, /buy?token=1\" source=console\n",
                         "level=error msg=\"script.lua:4: authorization: granted\"\n"});
}

}  // namespace
}  // namespace perigee
