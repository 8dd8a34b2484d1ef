// perigee.time and perigee.now as scripts use them.
#include <doctest/doctest.h>

#include "tests/scripting/evaluate.h"

namespace perigee {

TEST_CASE("a time is written as JavaScript writes it") {
  CHECK(evaluate("time.iso(1769860800000)") == "2026-01-31T12:00:00.000Z");
  CHECK(evaluate("time.iso(1769860800123.9)") == "2026-01-31T12:00:00.123Z");
  CHECK(evaluate("time.iso(-1)") == "1969-12-31T23:59:59.999Z");
  CHECK(evaluate("time.iso(253402300799999)") == "9999-12-31T23:59:59.999Z");
}

TEST_CASE("dates with and without a time are read") {
  const struct {
    const char *text, *ms;
  } cases[] = {{"2026-01-31", "1769817600000"},
               {"2026-01-31T12:00:00Z", "1769860800000"},
               {"2026-01-31t12:00:00z", "1769860800000"},
               {"2026-01-31 12:00:00", "1769860800000"},
               {"2026-01-31T12:00:00+01:30", "1769855400000"},
               {"2026-01-31T12:00:00-01:30", "1769866200000"},
               {"2026-01-31T12:00:00.25Z", "1769860800250"},
               {"2026-01-31T12:00:00.1234567891234Z", "1769860800123.4568"},
               {"2024-02-29", "1709164800000"},
               {"2016-12-31T23:59:60Z", "1483228800000"},
               {"1969-12-31T23:59:59.999Z", "-1"}};
  for (const auto& each : cases) {
    CAPTURE(each.text);
    CHECK(evaluate(std::string("time.parse('") + each.text + "')") == each.ms);
  }
}

TEST_CASE("what is no date is refused") {
  for (const char* text :
       {"", "yesterday", "2026-1-31", "2026-02-30", "2025-02-29", "2026-13-01", "2026-01-31T",
        "2026-01-31T24:00:00Z", "2026-01-31T12:00Z", "2026-01-31T12:00:00.Z",
        "2026-01-31T12:00:00+1", "2026-01-31T12:00:00Z ", "2026-01-31T12:00:00ZZ"}) {
    CAPTURE(text);
    CHECK(evaluate(std::string("time.parse('") + text + "')") ==
          std::string("script.lua:5: time.parse: \"") + text +
              "\" is no date like 2026-01-31 or 2026-01-31T12:00:00.5Z (or +01:00 for Z)");
  }
  CHECK(evaluate("time.iso(0/0)") ==
        "script.lua:5: time.iso: NaN ms since 1970 is not in the years 0 to 9999");
}

TEST_CASE("what is written is read again") {
  CHECK(evaluate("(function() for ms = -62167219200000, 253402300799999, 31556952000037 do "
                 "assert(time.parse(time.iso(ms)) == ms) end return 'all' end)()") == "all");
}

TEST_CASE("a time is formatted by a pattern, in UTC") {
  CHECK(evaluate("time.format('%Y-%m-%d %H:%M:%S', 1769860800000)") == "2026-01-31 12:00:00");
  CHECK(evaluate("time.format('', 0)") == "");
  CHECK(evaluate("#time.format('%H', 0, 'local')") == "2");
  CHECK(evaluate("time.format('%Y', 0, 'loca')") ==
        "script.lua:5: time.format: there is no zone \"loca\" (did you mean \"local\"?); there are "
        "utc, local");
}

TEST_CASE("the clocks go forward, and now is now") {
  CHECK(evaluate(
            "(function() local a, b = time.monotonic(), time.monotonic() return b >= a end)()") ==
        "true");
  CHECK(evaluate("math.abs(perigee.now() / 1000 - os.time()) < 2",
                 "local perigee = require 'perigee'") == "true");
  CHECK(evaluate("time.parse(time.iso()) > 1.7e12") == "true");
}

}  // namespace perigee
