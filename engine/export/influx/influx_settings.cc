#include "engine/export/influx/influx_settings.h"

#include <algorithm>
#include <array>
#include <map>
#include <optional>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "engine/base/config_error.h"
#include "engine/base/suggest.h"
#include "engine/export/limits.h"
#include "engine/export/percent_encode.h"
#include "engine/export/receiver_settings.h"
#include "engine/http/header_fields.h"
#include "engine/http/server/request.h"

namespace perigee::exports {
namespace {

constexpr std::string_view kPrefix = "INFLUXDB_";
constexpr std::string_view kDefaultUrl = "http://localhost:8086";
constexpr std::string_view kDefaultDatabase = "k6";

constexpr std::array<std::string_view, 13> kNames{
    "ADDR", "DB", "USERNAME", "PASSWORD", "INSECURE", "PRECISION", "RETENTION", "CONSISTENCY",
    "TAGS_AS_FIELDS", "PUSH_INTERVAL", "PROXY",
    // These change nothing: points are few, and sent one request after the other.
    "PAYLOAD_SIZE", "CONCURRENT_WRITES"};

// The parameters of the output's URL that are settings.
constexpr std::pair<std::string_view, std::string_view> kParameters[] = {
    {"insecure", "INSECURE"},          {"precision", "PRECISION"},
    {"retention", "RETENTION"},        {"consistency", "CONSISTENCY"},
    {"pushInterval", "PUSH_INTERVAL"}, {"tagsAsFields", "TAGS_AS_FIELDS"},
    {"payload_size", "PAYLOAD_SIZE"},  {"concurrentWrites", "CONCURRENT_WRITES"},
};

constexpr std::pair<std::string_view, Duration> kPrecisions[] = {
    {"1ns", std::chrono::nanoseconds(1)},  {"n", std::chrono::nanoseconds(1)},
    {"ns", std::chrono::nanoseconds(1)},   {"1us", std::chrono::microseconds(1)},
    {"u", std::chrono::microseconds(1)},   {"us", std::chrono::microseconds(1)},
    {"1ms", std::chrono::milliseconds(1)}, {"ms", std::chrono::milliseconds(1)},
    {"1s", std::chrono::seconds(1)},       {"s", std::chrono::seconds(1)},
};

// What the output's URL says.
struct Written {
  std::string origin;
  std::string database;
  std::string user;
  std::string password;
  std::map<std::string, std::string, std::less<>> settings;
};

std::string setting_of(std::string_view parameter) {
  for (const auto& [name, setting] : kParameters) {
    if (name == parameter) return std::string(setting);
  }
  std::vector<std::string_view> known;
  for (const auto& [name, setting] : kParameters)
    known.push_back(name);
  throw ConfigError(fmt::format("there is no parameter \"{}\" of the URL{}", parameter,
                                did_you_mean(parameter, known)));
}

void read_query(std::string_view query, Written& written) {
  while (!query.empty()) {
    const std::string_view entry = query.substr(0, query.find('&'));
    query.remove_prefix(std::min(entry.size() + 1, query.size()));
    const size_t end = std::min(entry.find('='), entry.size());
    const std::string_view value = entry.substr(std::min(end + 1, entry.size()));
    written.settings[setting_of(entry.substr(0, end))] = http::percent_decode(value);
  }
}

void read_credentials(std::string_view credentials, Written& written) {
  const size_t end = std::min(credentials.find(':'), credentials.size());
  written.user = credentials.substr(0, end);
  written.password = credentials.substr(std::min(end + 1, credentials.size()));
}

Written read_url(std::string_view text) {
  Written written;
  if (text.empty()) return written;
  const auto url = parse_receiver_url(text);
  written.origin = fmt::format("{}://{}", url->tls ? "https" : "http", url->host_header);
  const std::string_view target = url->target;
  const size_t query = std::min(target.find('?'), target.size());
  written.database = http::percent_decode(target.substr(1, query - 1));
  read_query(target.substr(std::min(query + 1, target.size())), written);
  read_credentials(url->credentials, written);
  return written;
}

Duration read_precision(const ExportSettings& settings) {
  const std::string text = settings.text("PRECISION", "1ns");
  for (const auto& [name, precision] : kPrecisions) {
    if (name == text) return precision;
  }
  settings.refuse("PRECISION", fmt::format("\"{}\" is none of 1ns, 1us, 1ms, 1s", text));
}

TagField::Type parse_type(const ExportSettings& settings, std::string_view name) {
  if (name.empty() || name == "string") return TagField::Type::kText;
  if (name == "int") return TagField::Type::kInteger;
  if (name == "float") return TagField::Type::kReal;
  if (name == "bool") return TagField::Type::kFlag;
  settings.refuse("TAGS_AS_FIELDS",
                  fmt::format("\"{}\" is none of string, int, float, bool", name));
}

std::vector<TagField> read_tag_fields(const ExportSettings& settings) {
  std::vector<TagField> fields;
  const std::string list = settings.text("TAGS_AS_FIELDS", "vu:int,iter:int,url");
  for (std::string_view rest = list; !rest.empty();) {
    const std::string_view part = rest.substr(0, rest.find(','));
    rest.remove_prefix(std::min(part.size() + 1, rest.size()));
    const std::string_view entry = http::trim(part);
    if (entry.empty()) continue;
    const size_t end = std::min(entry.find(':'), entry.size());
    fields.push_back({std::string(entry.substr(0, end)),
                      parse_type(settings, entry.substr(std::min(end + 1, entry.size())))});
  }
  return fields;
}

std::string_view precision_name(Duration precision) {
  if (precision == std::chrono::nanoseconds(1)) return "ns";
  if (precision == std::chrono::microseconds(1)) return "u";
  return precision == std::chrono::milliseconds(1) ? "ms" : "s";
}

std::string write_target(const InfluxSettings& read, const ExportSettings& settings) {
  std::string target = fmt::format("/write?db={}&precision={}", percent_encode(read.database),
                                   precision_name(read.precision));
  if (settings.has("RETENTION")) target += "&rp=" + percent_encode(settings.text("RETENTION"));
  if (settings.has("CONSISTENCY")) {
    target += "&consistency=" + percent_encode(settings.text("CONSISTENCY"));
  }
  return target;
}

http::ProxySettings read_proxy(const ExportSettings& settings) {
  try {
    return http::ProxySettings::through(settings.text("PROXY"));
  } catch (const ConfigError& error) {
    settings.refuse("PROXY", error.what());
  }
}

}  // namespace

InfluxSettings read_influx_settings(std::string_view url, const Variables& variables,
                                    const VariablesBeginning& beginning, Log& log) {
  const Written written = read_url(url);
  const Variables merged = [&](std::string_view name) -> std::optional<Variable> {
    const auto found = written.settings.find(name.substr(kPrefix.size()));
    if (found != written.settings.end()) return Variable{"the URL", found->second};
    return variables(name);
  };
  const ExportSettings settings(std::string(kPrefix), merged, beginning);
  check_settings(settings, kNames, {"PASSWORD"}, log);
  InfluxSettings read;
  read.database =
      written.database.empty() ? settings.text("DB", kDefaultDatabase) : written.database;
  read.interval = settings.duration("PUSH_INTERVAL", std::chrono::seconds(1));
  read.precision = read_precision(settings);
  read.tags_as_fields = read_tag_fields(settings);
  const std::string origin =
      written.origin.empty() ? settings.text("ADDR", kDefaultUrl) : written.origin;
  http::Url receiver = *parse_receiver_url(origin);
  receiver.target = write_target(read, settings);
  receiver.credentials.clear();
  read.receiver.url = std::make_shared<const http::Url>(std::move(receiver));
  add_authorization(read.receiver.headers, "",
                    written.user.empty() ? settings.text("USERNAME") : written.user,
                    written.user.empty() ? settings.text("PASSWORD") : written.password);
  read.receiver.proxies = read_proxy(settings);
  read.receiver.tls.verify = !settings.flag("INSECURE", false);
  read.receiver.timeout = limits::kPushTimeout;
  return read;
}

}  // namespace perigee::exports
