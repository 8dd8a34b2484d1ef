// Text that may hold anything, as markup.
#include "engine/reports/markup.h"

#include <doctest/doctest.h>

namespace perigee::reports {

TEST_CASE("what markup gives a meaning to is escaped") {
  CHECK(escape_markup(R"(<a href="x" title='y'>&amp;</a>)") ==
        "&lt;a href=&quot;x&quot; title=&apos;y&apos;&gt;&amp;amp;&lt;/a&gt;");
  CHECK(escape_markup("p(95)=1.2µs — ✓\tok\n") == "p(95)=1.2µs — ✓\tok\n");
}

TEST_CASE("bytes that are not UTF-8 and control characters are replaced") {
  CHECK(printable("a\xff\xfe"
                  "b") ==
        "a\xef\xbf\xbd\xef\xbf\xbd"
        "b");
  CHECK(printable(std::string("nul\0bell\a", 9)) ==
        "nul\xef\xbf\xbd"
        "bell\xef\xbf\xbd");
  CHECK(printable("\x1b[31mred\x7f") == "\xef\xbf\xbd[31mred\xef\xbf\xbd");
  CHECK(printable("\xc2\x85next\xef\xbf\xbf") == "\xef\xbf\xbdnext\xef\xbf\xbd");
}

}  // namespace perigee::reports
