// Opens reports in a real browser and reads numbers off the page.
#include <chrono>
#include <cstdlib>
#include <fstream>
#include <string>

#include <doctest/doctest.h>

#include "engine/reports/format.h"
#include "tests/engine/output/scratch_folder.h"
#include "tests/engine/reports/ten_reports.h"
#include "tests/support/process.h"

namespace perigee::reports {
namespace {

bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

// The page as it is once its program has run.
std::string open_page(const ScratchFolder& folder, const std::string& page) {
  std::ofstream(folder / "report.html") << page;
  const char* program = std::getenv("CHROMIUM_PROGRAM");
  REQUIRE(program != nullptr);
  const ProcessResult result =
      run_process({program, "--headless", "--no-sandbox", "--disable-gpu",
                   "--user-data-dir=" + (folder / "profile"), "--virtual-time-budget=5000",
                   "--dump-dom", "file://" + (folder / "report.html")});
  CHECK(result.exit_code == 0);
  return result.out;
}

}  // namespace

TEST_CASE("a browser draws the charts of a report and shows its numbers") {
  SampleRun run(SampleRun::Thresholds{{"http_req_duration", "p(95)<15"}});
  load(run, 30);
  run.request("</script><script>document.title='taken over'</script>", 503, 100);
  run.tick();
  const ScratchFolder folder;
  const std::string page = open_page(folder, render(run.report(), Format::kHtml));
  CHECK(has(page, "data-charts=\"8\""));
  CHECK(has(page, "aria-label=\"p95 by name\""));
  CHECK(has(page, "<canvas"));
  CHECK(has(page, "<b>61</b>"));
  CHECK(has(page, "the threshold failed"));
  CHECK(has(page, "p(95)=20.12ms"));
  CHECK(has(page, "HTTP 503"));
  CHECK_FALSE(has(page, "<title>taken over"));
}

TEST_CASE("a browser opens all kinds of reports") {
  for (const auto& [name, report, requests] : ten_reports()) {
    const std::string& title = name;
    CAPTURE(title);
    const ScratchFolder folder;
    const std::string page = open_page(folder, render(report, Format::kHtml));
    CHECK(has(page, "data-charts=\""));
    CHECK((requests == 0 || has(page, "<b>" + std::to_string(requests) + "</b>")));
  }
}

}  // namespace perigee::reports
