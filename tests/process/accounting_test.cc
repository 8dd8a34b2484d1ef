// Nothing vanishes: a run's own books against those of the server, which has never heard of them.
#include "tests/process/accounting.h"

#include <csignal>
#include <deque>

#include <doctest/doctest.h>

#include "tests/support/test_authority.h"

namespace perigee {
namespace {

// A scenario of each executor; without the end, which a test may add its own keys to.
struct Load {
  std::string scenario;
  uint64_t scheduled;  // iterations; 0: as many as there is time for
};

const Load kLoads[] = {
    {"executor = 'constant-vus', vus = 8, duration = '1s'", 0},
    {"executor = 'shared-iterations', vus = 8, iterations = 240", 240},
    {"executor = 'per-vu-iterations', vus = 8, iterations = 30", 240},
    {"executor = 'constant-arrival-rate', rate = 240, duration = '1s', preAllocatedVUs = 40, "
     "maxVUs = 240",
     240}};

// As kLoads, with iterations that do not end by themselves.
const Load kHangingLoads[] = {
    {"executor = 'constant-vus', vus = 8, duration = '1s'", 0},
    {"executor = 'shared-iterations', vus = 8, iterations = 100, maxDuration = '1s'", 100},
    {"executor = 'per-vu-iterations', vus = 8, iterations = 10, maxDuration = '1s'", 80},
    {"executor = 'constant-arrival-rate', rate = 100, duration = '1s', preAllocatedVUs = 2, "
     "maxVUs = 8",
     100}};

// Every way in which a request can go wrong, and those that go well between them.
constexpr const char* kTrouble = R"lua(
  local step = n % 10
  if step == 0 then get("/hang", nil, "200ms")
  elseif step == 1 then get("/reset")
  elseif step == 2 then get("/half/{n}", 1000)
  elseif step == 3 then get("/garbage")
  elseif step == 4 then get("/close")
  elseif step == 5 then get("/close/silently") get("/status/{code}", 200)
  elseif step == 6 then http.get("http://127.0.0.1:1/", { tags = { name = "refused" } })
  elseif step == 7 then get("/status/{code}", 503)
  elseif step == 8 then get("/bytes/{n}", 100000)
  else get("/bytes/{n}", 50) error("an iteration that fails is complete") end
)lua";

uint64_t ended(ScriptRun& run) {
  return run.count("iterations") + run.count("iterations_interrupted") +
         run.count("dropped_iterations");
}

// A run with a target of its own. Most of their time runs wait: several go on side by side.
struct Book {
  Book(const Load& what, const std::string& more, const std::string& body, int workers)
      : load(what),
        run(load_script(target.url(), what.scenario + more, body),
            {"--workers", std::to_string(workers)}) {}

  void check() {
    check_books(run, target);
    if (load.scheduled != 0) CHECK(ended(run) == load.scheduled);
  }

  Load load;
  TargetProcess target;
  ScriptRun run;
};

}  // namespace

TEST_CASE("every request is accounted for, whatever the server does with it") {
  std::deque<Book> books;
  for (const Load& load : kLoads) {
    for (const int workers : {1, 2})
      books.emplace_back(load, "", kTrouble, workers);
  }
  for (Book& book : books) {
    ScriptRun& run = book.run;
    CAPTURE(book.load.scenario);
    REQUIRE(run.exit_code() == 0);
    book.check();
    CHECK(run.count("iterations_interrupted") == 0);
    CHECK(run.csv().rows("http_reqs", {{"error_code", "1050"}}) > 0);
    if (book.load.scheduled == 0) continue;
    CHECK(run.csv().rows("http_reqs", {{"name", "/hang"}, {"error_code", "1050"}}) == 24);
    CHECK(run.csv().rows("http_reqs", {{"name", "/half/{n}"}, {"error", "unexpected EOF"}}) == 24);
    CHECK(run.csv().rows("http_reqs", {{"name", "refused"}, {"error_code", "1212"}}) == 24);
    CHECK(run.csv().rows("http_reqs", {{"name", "/close"}, {"status", "200"}}) == 24);
    CHECK(run.csv().rows("http_reqs", {{"name", "/status/{code}"}, {"status", "200"}}) == 24);
    CHECK(run.count("iteration_errors") == 24);
  }
}

TEST_CASE("every request over TLS is accounted for, in HTTP/1.1 and in HTTP/2") {
  const TestAuthority authority;
  const TestIdentity identity = authority.issue();
  for (const char* version : {"1.1", "2"}) {
    CAPTURE(version);
    const TargetProcess target({"--tls-cert=" + identity.certificate, "--tls-key=" + identity.key});
    ScriptRun run(load_script(target.secure_url(), kLoads[1].scenario, kTrouble, version),
                  {"--workers", "2", "--insecure-skip-tls-verify"});
    REQUIRE(run.exit_code() == 0);
    check_books(run, target);
    CHECK(ended(run) == kLoads[1].scheduled);
    const std::string proto = version[0] == '2' ? "HTTP/2.0" : "HTTP/1.1";
    CHECK(run.csv().rows("http_reqs", {{"name", "/bytes/{n}"}, {"tls_version", "tls1.3"}}) == 48);
    CHECK(run.csv().rows("http_reqs", {{"name", "/bytes/{n}"}, {"proto", proto}}) == 48);
  }
}

TEST_CASE("every request of HTTP/2 in clear text is accounted for") {
  const TargetProcess target;
  ScriptRun run(load_script(target.url(), kLoads[1].scenario, kTrouble, "2"), {"--workers", "2"});
  REQUIRE(run.exit_code() == 0);
  check_books(run, target);
  CHECK(run.csv().rows("http_reqs", {{"name", "/bytes/{n}"}, {"proto", "HTTP/2.0"}}) == 48);
}

TEST_CASE("a request that can't be sent is counted, and no server sees it") {
  const TargetProcess target;
  ScriptRun run(load_script(target.url(), kLoads[1].scenario, R"lua(
    http.get(url .. "/bytes/1", { headers = { ["X-A"] = "a\nb" }, tags = { name = "refused" } })
    http.get("no URL", { tags = { name = "none" } })
    get("/bytes/{n}", 5)
  )lua"),
                {});
  REQUIRE(run.exit_code() == 0);
  CHECK(run.count("http_reqs") == 480);
  CHECK(run.csv().rows("http_reqs", {{"name", "refused"}, {"error_code", "1000"}}) == 240);
  CHECK(run.csv().rows("http_reqs", {{"name", "none"}}) == 0);
  CHECK(target.requests() == 240);
}

TEST_CASE("requests that hang at of a run are interrupted and counted") {
  std::deque<Book> books;
  for (const Load& load : kHangingLoads) {
    for (const char* grace : {", gracefulStop = '0s'", ", gracefulStop = '300ms'"})
      books.emplace_back(load, grace, "get('/hang')", 2);
  }
  for (Book& book : books) {
    ScriptRun& run = book.run;
    CAPTURE(book.load.scenario);
    REQUIRE(run.exit_code() == 0);
    book.check();
    CHECK(run.count("iterations") == 0);
    CHECK(run.count("iterations_interrupted") == 8);
    CHECK(run.count("http_reqs_interrupted") == 8);
    CHECK(run.count("http_reqs") == 0);
    CHECK(book.target.stats()["routes"]["/hang"] == 8);
    CHECK(run.logged("the teardown ran"));
  }
}

TEST_CASE("an iteration that ends within its graceful stop is complete") {
  const TargetProcess target;
  ScriptRun run(
      load_script(target.url(),
                  "executor = 'per-vu-iterations', vus = 4, iterations = 10, maxDuration = '1s', "
                  "gracefulStop = '20s'",
                  "get('/delay/{ms}', 1300)"));
  REQUIRE(run.exit_code() == 0);
  check_books(run, target);
  CHECK(run.count("iterations") == 4);
  CHECK(run.count("iterations_interrupted") == 0);
  CHECK(run.count("dropped_iterations") == 36);
}

TEST_CASE("a signal in the middle leaves complete books") {
  std::deque<Book> books;
  for (const Load& load : kLoads)
    books.emplace_back(load, "", "if n < 4 then get('/bytes/{n}', 50) else get('/hang') end", 2);
  for (Book& book : books) {
    ScriptRun& run = book.run;
    CAPTURE(book.load.scenario);
    wait_for_requests(book.target, "/hang", 8);
    run.process().signal(SIGINT);
    CHECK(run.exit_code() == 105);
    check_books(run, book.target);
    CHECK(run.count("iterations") == 4);
    CHECK(run.count("http_reqs") == 4);
    CHECK(run.count("http_reqs_interrupted") >= 8);
    CHECK(run.logged("the teardown ran"));
  }
}

TEST_CASE("too few VUs drop arrivals, each of which is counted") {
  const TargetProcess target;
  ScriptRun run(load_script(target.url(),
                            "executor = 'constant-arrival-rate', rate = 300, duration = '1s', "
                            "preAllocatedVUs = 2, maxVUs = 3",
                            "get('/delay/{ms}', 50)"),
                {"--workers", "2"});
  REQUIRE(run.exit_code() == 0);
  check_books(run, target);
  CHECK(run.count("dropped_iterations") > 200);
  CHECK(run.count("iterations") > 0);
  CHECK(ended(run) == 300);
  CHECK(run.logged("scenario load: insufficient VUs, all 3 are busy"));
}

TEST_CASE("a server that dies in the middle fails requests and loses none") {
  TargetProcess target;
  ScriptRun run(load_script(target.url(),
                            "executor = 'per-vu-iterations', vus = 4, iterations = 50",
                            R"lua(
    if n ~= 100 then return get("/delay/{ms}", 2) end
    print("half of it")
    for _ = 1, 10000 do
      if get("/delay/{ms}", 2).status == 0 then return end
    end)lua"));
  run.process().wait_for_error("half of it");
  const uint64_t seen = target.requests();
  target.process().signal(SIGKILL);
  REQUIRE(run.exit_code() == 0);
  check_iterations(run);
  check_summary_is_csv(run);
  CHECK(run.count("iterations") == 200);
  CHECK(run.csv().rows("http_reqs", {{"status", "200"}}) + 4 >= seen);
  CHECK(run.csv().rows("http_reqs", {{"error_code", "1212"}}) > 0);
}

}  // namespace perigee
