#include "cli/http_flags.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <chrono>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "cli/command_line.h"
#include "cli/http_access.h"
#include "cli/http_habits.h"
#include "cli/http_request.h"
#include "cli/setting_text.h"
#include "engine/base/config_error.h"
#include "engine/base/duration.h"
#include "engine/execution/json_reader.h"
#include "engine/execution/name_reader.h"
#include "engine/http/url.h"
#include "engine/metrics/threshold.h"
#include "scripting/script.h"

namespace perigee {
namespace {

using enum SettingKind;

constexpr std::array kLoad{
    Setting{"connections", "-c,--concurrency,--connections", "", kWhole, "N",
            "connections, each with one request at a time (default 10)"},
    Setting{"duration", "-z,--duration", "", kText, "D",
            "how long to load, e.g. 30s; a number is seconds (default 10s)"},
    Setting{"requests", "-n,--requests", "", kWhole, "N",
            "requests in all; with -z what comes first"},
    Setting{"rate", "-q,-R,--rate", "", kText, "N",
            "requests that start each second over all connections, however slow the answers are"}};

constexpr std::array kRequest{
    Setting{"method", "-m,-X,--request,--method", "", kText, "NAME",
            "GET, or POST with a body, if not given"},
    Setting{"headers", "-H,--header", "", kTexts, "LINE", "'Name: value'; may be repeated"},
    Setting{"data", "-d,--data", "", kTexts, "TEXT",
            "the body; @FILE reads it without its line ends; repeated ones are joined by &"},
    Setting{"dataRaw", "--data-raw", "", kTexts, "TEXT", "the same, and @ is a character"},
    Setting{"form", "-F,--form", "", kTexts, "NAME=TEXT",
            "a field of a multipart form, or NAME=@FILE; may be repeated"},
    Setting{"dataBinary", "--data-binary", "", kTexts, "TEXT",
            "the same, and @FILE is sent as it is"},
    Setting{"bodyFile", "-D,--body-file", "", kText, "FILE", "a file as the body, as it is"},
    Setting{"contentType", "-T,--content-type", "", kText, "TYPE", "the Content-Type header"},
    Setting{"userAgent", "-A,-U,--user-agent", "", kText, "TEXT", "the User-Agent header"},
    Setting{"host", "--host", "", kText, "NAME", "the Host header"},
    Setting{"cookie", "-b,--cookie", "", kText, "TEXT",
            "the Cookie header: name=value; name=value"},
    Setting{"user", "-a,-u,--user", "", kText, "NAME:PASSWORD", "basic authentication"},
    Setting{"digest", "--digest", "", kSwitch, "", "digest authentication with -u"},
    Setting{"head", "-I,--head", "", kSwitch, "", "as -m HEAD"},
    Setting{"compressed", "--compressed", "", kSwitch, "", "ask for compressed answers"}};

constexpr std::array kConnection{
    Setting{"timeout", "-t,--timeout", "", kText, "D",
            "of a request, from its start to its end; a number is seconds (default 60s)"},
    Setting{"location", "-L,--location", "", kSwitch, "", "follow redirections"},
    Setting{"maxRedirects", "--max-redirs,--max-redirects", "", kWhole, "N",
            "so many of them with -L (default 10)"},
    Setting{"insecure", "-k,--insecure", "", kSwitch, "", "don't check certificates"},
    Setting{"cacert", "--cacert", "", kText, "FILE",
            "authorities to trust beside the system's, as a PEM file"},
    Setting{"cert", "-E,--cert", "", kText, "FILE", "the certificate to show, as a PEM file"},
    Setting{"key", "--key", "", kText, "FILE", "its key; if not given, it is in the same file"},
    Setting{"pass", "--pass", "", kText, "TEXT", "the password of the key"},
    Setting{"proxy", "-x,--proxy", "", kText, "URL", "the proxy; '' for none"},
    Setting{"http1.1", "--http1.1", "", kSwitch, "", "HTTP/1.1 only"},
    Setting{"http2", "--http2", "", kSwitch, "", "HTTP/2 over TLS only (default: if it is agreed)"},
    Setting{"h2c", "--http2-prior-knowledge,--h2c", "", kSwitch, "", "HTTP/2 without TLS"},
    Setting{"noKeepalive", "--no-keepalive", "", kSwitch, "",
            "a new connection for every request"}};

constexpr std::array kResult{
    Setting{"json", "--json", "", kSwitch, "", "the result as one JSON document"},
    Setting{"fail", "-f,--fail", "", kSwitch, "", "exit with 99 if a request fails"},
    Setting{"thresholds", "--threshold", "", kTexts, "EXPRESSION",
            "exit with 99 unless it holds: 'p(95)<200' of the latency in ms, or METRIC:EXPRESSION"},
    Setting{"thresholdNoSamples", "--threshold-no-samples", "", kText, "pass|fail",
            "what thresholds do that nothing was measured for (default pass)"},
    Setting{"out", "--out", "", kTexts, "TYPE=FILE",
            "every sample to a file, e.g. csv=samples.csv.gz"},
    Setting{"workers", "--workers", "", kWhole, "N",
            "threads that generate load (default: CPUs to use)"},
    Setting{"quiet", "-s,--silent,--quiet", "", kSwitch, "", "no progress"},
    Setting{"verbose", "-v,--verbose", "", kSwitch, "", "log debug messages too"},
    Setting{"noColor", "--no-color", "", kSwitch, "", "no colours"}};

// What people ask for elsewhere and happens here anyway; the help does not list it.
constexpr std::array kUsual{
    Setting{"disableCompression", "--disable-compression", "", kSwitch, "", ""},
    Setting{"disableRedirects", "--disable-redirects", "", kSwitch, "", ""},
    Setting{"latency", "--latency", "", kSwitch, "", ""},
    Setting{"showError", "-S,--show-error", "", kSwitch, "", ""}};

constexpr std::array<SettingGroup, 5> kGroups{{{"Load", true, kLoad},
                                               {"Request", true, kRequest},
                                               {"Connections", true, kConnection},
                                               {"Result", true, kResult},
                                               {"", true, kUsual}}};

constexpr double kMostPerSecond = 1e6;

constexpr Names<NoSamples, 2> kNoSamples{{{"pass", NoSamples::kPass}, {"fail", NoSamples::kFail}}};

// "--data" of "-d,--data": what messages and the rules about meanings call it.
std::string last_name(const Setting& setting) {
  return std::string(setting.flag.substr(setting.flag.rfind(',') + 1));
}

// curl, hey and wrk count seconds.
std::optional<Duration> read_seconds(const JsonReader& reader, const char* key) {
  std::string text;
  reader.read(key, text);
  if (text.empty()) return std::nullopt;
  const bool is_bare = text.find_first_not_of("0123456789.") == std::string::npos;
  const auto duration = parse_duration(is_bare ? text + "s" : text);
  if (!duration || *duration <= Duration::zero()) {
    reader.fail(key, fmt::format("must be a time above 0 like 30s or 1m30s, got \"{}\"", text));
  }
  return duration;
}

std::optional<double> read_rate(const JsonReader& reader) {
  std::string text;
  reader.read("rate", text);
  if (text.empty()) return std::nullopt;
  size_t end = 0;
  double rate = 0;
  try {
    rate = std::stod(text, &end);
  } catch (const std::exception&) {
    end = 0;
  }
  if (end != text.size() || !(rate > 0 && rate <= kMostPerSecond)) {
    reader.fail("rate", fmt::format("must be a number of requests per second above 0 and up to "
                                    "{:.0f}, got \"{}\"",
                                    kMostPerSecond, text));
  }
  return rate;
}

void read_amount(const JsonReader& reader, HttpLoad& load) {
  load.connections_given = reader.has("connections");
  reader.read("connections", load.connections, 1);
  if (reader.has("requests")) reader.read("requests", load.requests.emplace(), 1);
  load.duration = read_seconds(reader, "duration");
  if (load.duration && *load.duration < std::chrono::seconds(1)) {
    reader.fail("duration", fmt::format("must be at least 1s, got \"{}\"",
                                        reader.at("duration").get<std::string>()));
  }
  load.rate = read_rate(reader);
  if (!load.duration && !load.requests) load.duration = std::chrono::seconds(10);
  load.timeout = read_seconds(reader, "timeout");
  reader.read("location", load.follows_redirects);
  reader.read("maxRedirects", load.most_redirects, 0);
  reader.read("insecure", load.insecure);
  bool no_keepalive = false;
  reader.read("noKeepalive", no_keepalive);
  load.keeps_alive = !no_keepalive;
}

// "p(95)<200" is about the latency; "http_reqs:count>1000" names its metric.
std::pair<std::string, std::string> read_threshold(const std::string& text) {
  const size_t colon = text.rfind(':');
  if (colon != std::string::npos) {
    parse_threshold(text.substr(colon + 1));
    return {text.substr(0, colon), text.substr(colon + 1)};
  }
  const Aggregate::Kind kind = parse_threshold(text).aggregate.kind;
  if (kind == Aggregate::Kind::kRate || kind == Aggregate::Kind::kValue) {
    throw ConfigError(fmt::format(
        "--threshold: say of which metric, e.g. http_req_failed:{0} or http_reqs:{0}", text));
  }
  return {"http_req_duration", text};
}

void read_thresholds(const JsonReader& reader, HttpLoad& load) {
  std::vector<std::string> texts;
  reader.read("thresholds", texts);
  for (const std::string& text : texts)
    load.thresholds.push_back(read_threshold(text));
  read_name(reader, "thresholdNoSamples", kNoSamples, load.threshold_no_samples);
  bool fail = false;
  reader.read("fail", fail);
  if (fail) load.thresholds.emplace_back("http_req_failed", "rate==0");
}

}  // namespace

HttpFlagReader::HttpFlagReader(CLI::App& app) : app_(app) {
  url_ =
      app.add_option("url")->description("what to load; http:// may be left out")->type_name("URL");
  for (const SettingGroup& group : kGroups) {
    for (const Setting& setting : group.settings) {
      const std::string names(setting.flag);
      CLI::Option* option =
          setting.kind == SettingKind::kSwitch ? app.add_flag(names) : app.add_option(names);
      option->description(std::string(setting.help))->group(std::string(group.title));
      option->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
      if (setting.kind != SettingKind::kSwitch) {
        option->type_name(std::string(setting.type))->allow_extra_args(false);
      }
      declared_.push_back({&setting, option});
    }
  }
}

bool HttpFlagReader::parse(int argc, const char* const* argv) {
  const std::vector<std::string> words = usual_words(argc, argv);
  std::vector<const char*> pointers;
  pointers.reserve(words.size());
  for (const std::string& word : words)
    pointers.push_back(word.c_str());
  return parse_command_line(app_, static_cast<int>(pointers.size()), pointers.data(),
                            refused_habits());
}

OptionLayer HttpFlagReader::written() const {
  OptionLayer layer;
  for (const Declared& declared : declared_) {
    if (declared.option->count() == 0) continue;
    const Setting& setting = *declared.setting;
    const std::string name = last_name(setting);
    for (const std::string& text : declared.option->results())
      check_meaning(name, text);
    layer.set(std::string(setting.key), value_of_flag(setting, declared.option->results()), name);
  }
  return layer;
}

HttpFlags HttpFlagReader::read() const {
  if (url_->count() == 0) throw ConfigError(fmt::format("name a URL: {} URL", app_.get_name()));
  const OptionLayer layer = written();
  const JsonReader reader(layer.values, "flags", layer.names);
  HttpFlags flags;
  read_amount(reader, flags.load);
  read_request(url_->results().front(), reader, flags.load);
  read_access(reader, flags.load);
  read_thresholds(reader, flags.load);
  reader.read("out", flags.outputs);
  int64_t workers = 0;
  reader.read("workers", workers, 1);
  flags.workers = static_cast<uint32_t>(std::min<int64_t>(workers, 1024));
  reader.read("json", flags.json);
  reader.read("quiet", flags.quiet);
  reader.read("verbose", flags.verbose);
  reader.read("noColor", flags.no_color);
  return flags;
}

std::vector<FlagDescription> http_flags() {
  CLI::App app;
  const HttpFlagReader reader(app);
  return describe_flags(app);
}

}  // namespace perigee
