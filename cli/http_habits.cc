#include "cli/http_habits.h"

#include <algorithm>
#include <array>
#include <filesystem>
#include <utility>

#include <fmt/format.h>

#include "engine/base/config_error.h"

namespace perigee {
namespace {

// hey's flags have one dash, however long their names.
constexpr std::array<std::pair<std::string_view, std::string_view>, 6> kSpellings{
    {{"-host", "--host"},
     {"-disable-keepalive", "--no-keepalive"},
     {"-disable-compression", "--disable-compression"},
     {"-disable-redirects", "--disable-redirects"},
     {"-cpus", "--workers"},
     {"-h2", "--http2"}}};

constexpr std::string_view kNotKept =
    "bodies are read and not kept; --out csv=FILE writes what was "
    "measured of every request";

constexpr std::array<RefusedSetting, 15> kRefused{
    {{"--data-urlencode", "", "", "encode the value yourself: -d 'name=a%20value'"},
     {"-G,--get", "", "", "write the query into the URL"},
     {"-o,--output", "", "", kNotKept},
     {"-O,--remote-name", "", "", kNotKept},
     {"-i,--include", "", "", "answers are not shown; use curl for one request"},
     {"--script", "", "", "perigee run runs scenarios in Lua; perigee new writes one"},
     {"-e,--referer", "", "", "write -H 'Referer: ...'"},
     {"--max-time", "", "", "write -t SECONDS"},
     {"--connect-timeout", "", "", "-t is for all of a request; connecting may take 30 s of it"},
     {"--http1.0", "", "", "requests are HTTP/1.1"},
     {"-0", "", "", "requests are HTTP/1.1"},
     {"--threads", "", "", "write --workers N; usually all CPUs are right"},
     {"--upload-file", "", "", "write -m PUT -D FILE"},
     {"--resolve", "", "", "write --host NAME and the address into the URL"},
     {"--proxy-user", "", "", "write them into the URL: -x http://USER:PASSWORD@HOST:PORT"}}};

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
