#include "cli/http_flags.h"

#include <array>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "cli/http_access.h"
#include "cli/http_habits.h"
#include "cli/http_request.h"
#include "cli/load_flags.h"
#include "engine/base/config_error.h"
#include "engine/execution/json_reader.h"

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

// What people ask for elsewhere and happens here anyway; the help does not list it.
constexpr std::array kUsual{
    Setting{"disableCompression", "--disable-compression", "", kSwitch, "", ""},
    Setting{"disableRedirects", "--disable-redirects", "", kSwitch, "", ""},
    Setting{"acceptVariableLength", "-l", "", kSwitch, "", ""},
    Setting{"noTui", "--no-tui", "", kSwitch, "", ""},
    Setting{"latency", "--latency", "", kSwitch, "", ""},
    Setting{"showError", "-S,--show-error", "", kSwitch, "", ""}};

std::array<SettingGroup, 5> setting_groups_of_http() {
  return {{{"Load", true, kLoad},
           {"Request", true, kRequest},
           {"Connections", true, kConnection},
           {"Result", true, result_settings()},
           {"", true, kUsual}}};
}

void read_following(const JsonReader& reader, HttpLoad& load) {
  reader.read("location", load.follows_redirects);
  reader.read("maxRedirects", load.most_redirects, 0);
  reader.read("insecure", load.insecure);
  bool no_keepalive = false;
  reader.read("noKeepalive", no_keepalive);
  load.keeps_alive = !no_keepalive;
}

}  // namespace

HttpFlagReader::HttpFlagReader(CLI::App& app)
    : app_(app),
      url_(app.add_option("url")
               ->description("what to load; http:// may be left out")
               ->type_name("URL")),
      table_(app, setting_groups_of_http()) {}

bool HttpFlagReader::parse(int argc, const char* const* argv) {
  return parse_words(app_, usual_words(argc, argv), refused_habits());
}

HttpFlags HttpFlagReader::read() const {
  if (url_->count() == 0) throw ConfigError(fmt::format("name a URL: {} URL", app_.get_name()));
  const OptionLayer layer = table_.written(check_meaning);
  const JsonReader reader(layer.values, "flags", layer.names);
  HttpFlags flags;
  read_amount(reader, "requests", flags.load);
  read_following(reader, flags.load);
  read_request(url_->results().front(), reader, flags.load);
  read_access(reader, flags.load);
  read_thresholds(reader, "http", flags.load);
  read_result(reader, flags.result);
  return flags;
}

std::vector<FlagDescription> http_flags() {
  CLI::App app;
  const HttpFlagReader reader(app);
  return describe_flags(app);
}

}  // namespace perigee
