#include "cli/http_habits.h"

#include <algorithm>
#include <array>
#include <filesystem>
#include <utility>

#include <fmt/format.h>

#include "engine/base/config_error.h"

namespace perigee {
namespace {

// hey's flags have one dash, however long their names; oha's and ab's are other words.
constexpr std::array<std::pair<std::string_view, std::string_view>, 8> kSpellings{
    {{"--disable-keepalive", "--no-keepalive"},
     {"-C", "--cookie"},
     {"-host", "--host"},
     {"-disable-keepalive", "--no-keepalive"},
     {"-disable-compression", "--disable-compression"},
     {"-disable-redirects", "--disable-redirects"},
     {"-cpus", "--workers"},
     {"-h2", "--http2"}}};

constexpr std::string_view kNotKept =
    "bodies are read and not kept; --out csv=FILE writes what was "
    "measured of every request";

constexpr std::string_view kNeedsScript = "this needs a script; perigee new writes one";
constexpr std::string_view kAddress = "write the address into the URL, and --host NAME";

constexpr auto kRefused = std::to_array<RefusedSetting>(
    {{"--data-urlencode", "", "", "encode the value yourself: -d 'name=a%20value'"},
     {"-G,--get", "", "", "write the query into the URL"},
     {"-o,--output", "", "", kNotKept},
     {"--output-format", "", "", "write --json, or --report FILE for other forms"},
     {"-O,--remote-name", "", "", kNotKept},
     {"-i,--include", "", "",
      "answers are not shown; use curl for one request, and -I for HEAD, as ab's -i is"},
     {"--script", "", "", "perigee run runs scenarios in Lua; perigee new writes one"},
     {"-e,--referer", "", "", "write -H 'Referer: ...'; for ab's CSV file --out csv=FILE"},
     {"-g", "", "", "write --out csv=FILE for what was measured of every request"},
     {"-p", "", "", "for ab's body write -D FILE; for oha's streams of a connection more of -c"},
     {"-w,--wait-ongoing-requests-after-deadline", "", "",
      "what is in flight at the end is waited for, and counted as interrupted after 30 s; for "
      "ab's "
      "table in HTML write --report FILE.html"},
     {"-r,--redirect", "", "",
      "write -L --max-redirs N for oha's redirections; errors never end a run, as with ab's -r"},
     {"-P", "", "", "write them into the URL: -x http://USER:PASSWORD@HOST:PORT"},
     {"-Z,--body-path-lines", "", "", kNeedsScript},
     {"-4,--ipv4", "", "", kAddress},
     {"-6,--ipv6", "", "", kAddress},
     {"--connect-to", "", "", kAddress},
     {"--burst-delay", "", "", kNeedsScript},
     {"--burst-rate", "", "", kNeedsScript},
     {"--http-version", "", "", "write --http1.1, --http2 or --h2c"},
     {"--latency-correction", "", "",
      "with -q the latencies have a second column anyway: from when a request was due"},
     {"--rand-regex-url", "", "", kNeedsScript},
     {"--max-repeat", "", "", kNeedsScript},
     {"--urls-from-file", "", "", kNeedsScript},
     {"--dump-urls", "", "", kNeedsScript},
     {"--unix-socket", "", "", "there are no Unix sockets; write an address"},
     {"--fps", "", "", "the progress is drawn ten times a second; -s leaves it out"},
     {"--stats-success-breakdown", "", "", "write --out csv=FILE, which has the status of each"},
     {"--db-url", "", "", "write --out csv=FILE, or --out json=FILE"},
     {"--max-time", "", "", "write -t SECONDS"},
     {"--connect-timeout", "", "", "-t is for all of a request; connecting may take 30 s of it"},
     {"--http1.0", "", "", "requests are HTTP/1.1"},
     {"-0", "", "", "requests are HTTP/1.1"},
     {"--threads", "", "", "write --workers N; usually all CPUs are right"},
     {"--upload-file", "", "", "write -m PUT -D FILE"},
     {"--resolve", "", "", "write --host NAME and the address into the URL"},
     {"--proxy-user", "", "", "write them into the URL: -x http://USER:PASSWORD@HOST:PORT"}});

bool is_number(std::string_view text) {
  return !text.empty() && text.find_first_not_of("0123456789.") == std::string_view::npos;
}

// "30", "30s", "2m": how wrk and hey take durations.
bool looks_like_duration(std::string_view text) {
  for (const std::string_view unit : {"ms", "s", "m", "h"}) {
    if (text.ends_with(unit)) return is_number(text.substr(0, text.size() - unit.size()));
  }
  return is_number(text);
}

[[noreturn]] void refuse(const std::string& what) {
  throw ConfigError(what);
}

// -s stands alone here; wrk's has a script behind it, ab's a time.
void check_silence(std::string_view next) {
  if (next.ends_with(".lua")) {
    refuse(
        fmt::format("-s {0}: scenarios are run by perigee run {0}; one of wrk's has to be written "
                    "anew, and perigee new --from http writes down what these flags do",
                    next));
  }
  if (is_number(next)) {
    refuse(fmt::format("-s {0}: -s is --silent here; for ab's time-out write -t {0}", next));
  }
}

// Whether curl's --json is meant, which has a body behind it.
bool is_json_body(std::string_view next) {
  return next.starts_with('{') || next.starts_with('[') || next.starts_with('@');
}

}  // namespace

std::vector<std::string> usual_words(int argc, const char* const* argv) {
  std::vector<std::string> words;
  for (int i = 0; i < argc; ++i) {
    const std::string word = argv[i];
    const auto* spelling = std::find_if(kSpellings.begin(), kSpellings.end(),
                                        [&](const auto& known) { return known.first == word; });
    const std::string_view usual = spelling == kSpellings.end() ? word : spelling->second;
    // curl's way not to see the answer, which nobody sees here.
    if (word == "-o" && i + 1 < argc && argv[i + 1] == std::string_view("/dev/null")) {
      ++i;
      continue;
    }
    const std::string_view next = i + 1 < argc ? argv[i + 1] : "";
    if (word == "-s") check_silence(next);
    if (word == "--json" && is_json_body(next)) {
      words.insert(words.begin() + 1,
                   {"-H", "Content-Type: application/json", "-H", "Accept: application/json"});
      words.insert(words.end(), {"--data-binary", std::string(next)});
      ++i;
      continue;
    }
    words.emplace_back(usual);
  }
  return words;
}

std::span<const RefusedSetting> refused_habits() {
  return kRefused;
}

void check_meaning(std::string_view flag, const std::string& value) {
  if (flag == "--data" && looks_like_duration(value)) {
    refuse(
        fmt::format("-d {0}: -d is the body here, as for curl and hey. To load for so long, as "
                    "wrk does, write -z {0} (and -t is a request's time-out, --workers the "
                    "threads); for a body that is just this, --data-raw {0}",
                    value));
  }
  if (flag == "--method" && is_number(value)) {
    refuse(fmt::format(
        "-m {0}: -m is the method here, as for hey; for curl's time-out write -t {0}", value));
  }
  const bool has_slash = value.find('/') != std::string::npos;
  if (flag == "--content-type" && (!has_slash || std::filesystem::exists(value))) {
    refuse(
        fmt::format("-T {0}: -T is the Content-Type here, as for hey, like application/json; to "
                    "upload a file, as curl does, write -m PUT -D {0}",
                    value));
  }
  constexpr std::array<std::string_view, 4> kMedia{"application/", "text/", "image/", "*/"};
  const bool is_media = std::any_of(kMedia.begin(), kMedia.end(),
                                    [&](std::string_view kind) { return value.starts_with(kind); });
  if (flag == "--user-agent" && is_media) {
    refuse(
        fmt::format("-A {0}: -A is the User-Agent here, as for curl; for hey's Accept write -H "
                    "'Accept: {0}'",
                    value));
  }
}

}  // namespace perigee
