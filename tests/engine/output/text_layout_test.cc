#include "engine/output/text_layout.h"

#include <doctest/doctest.h>

namespace perigee {
namespace {

const Painter kPlain(false);

TEST_CASE("names are dotted to a common width and figures stand in columns") {
  const TextRow reqs{"http_reqs", {"40", "3.99/s"}};
  const TextRow failed{"http_req_failed", {"2.50%", "1 out of 40"}};
  const TextLayout layout({reqs, failed}, kPlain);
  CHECK(layout.line(reqs) == "http_reqs.........: 40    3.99/s");
  CHECK(layout.line(failed) == "http_req_failed...: 2.50% 1 out of 40");
}

TEST_CASE("trends have columns of their own") {
  const TextRow wide{"wide", {"avg=120.4ms", "max=1s"}, true};
  const TextRow narrow{"narrow", {"avg=1s", "max=120.4ms"}, true};
  const TextRow count{"count", {"123456789", "1/s"}};
  const TextLayout layout({wide, narrow, count}, kPlain);
  CHECK(layout.line(wide) == "wide.....: avg=120.4ms max=1s");
  CHECK(layout.line(narrow) == "narrow...: avg=1s      max=120.4ms");
}

TEST_CASE("gauges align their least and greatest values") {
  const TextRow vus{"vus", {"1", "min=1", "max=10"}};
  const TextRow vus_max{"vus_max", {"10", "min=10", "max=10"}};
  const TextLayout layout({vus, vus_max}, kPlain);
  CHECK(layout.line(vus) == "vus.......: 1  min=1  max=10");
  CHECK(layout.line(vus_max) == "vus_max...: 10 min=10 max=10");
}

TEST_CASE("colours surround text only when they are wanted") {
  CHECK(Painter(true)(Colour::kGreen, "✓") == "\x1b[32m✓\x1b[0m");
  CHECK(Painter(false)(Colour::kGreen, "✓") == "✓");
}

}  // namespace
}  // namespace perigee
