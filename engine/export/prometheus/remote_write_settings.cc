#include "engine/export/prometheus/remote_write_settings.h"

#include <algorithm>
#include <array>
#include <optional>

#include <fmt/format.h>

#include "engine/base/config_error.h"
#include "engine/export/limits.h"
#include "engine/export/prometheus/aws_signature.h"
#include "engine/export/receiver_settings.h"
#include "engine/http/header_fields.h"

namespace perigee::exports {
namespace {

constexpr std::string_view kPrefix = "PROMETHEUS_RW_";
constexpr std::string_view kDefaultUrl = "http://localhost:9090/api/v1/write";
constexpr Duration kInterval = std::chrono::seconds(5);

constexpr std::array<std::string_view, 18> kNames{"SERVER_URL",
                                                  "TREND_STATS",
                                                  "PUSH_INTERVAL",
                                                  "TREND_AS_NATIVE_HISTOGRAM",
                                                  "STALE_MARKERS",
                                                  "USERNAME",
                                                  "PASSWORD",
                                                  "BEARER_TOKEN",
                                                  "HTTP_HEADERS",
                                                  "HEADERS_",
                                                  "INSECURE_SKIP_TLS_VERIFY",
                                                  "TLS_MINIMUM_VERSION",
                                                  "CLIENT_CERTIFICATE",
                                                  "CLIENT_CERTIFICATE_KEY",
                                                  "CA_CERTIFICATE",
                                                  "SIGV4_REGION",
                                                  "SIGV4_ACCESS_KEY",
                                                  "SIGV4_SECRET_KEY"};

std::optional<TrendStat> parse_trend_stat(std::string_view text) {
  TrendStat stat;
  stat.sum = text == "sum";
  const auto aggregate = parse_aggregate(stat.sum ? "count" : text);
  if (!aggregate) return std::nullopt;
  stat.aggregate = *aggregate;
  using Kind = Aggregate::Kind;
  if (stat.aggregate.kind == Kind::kRate || stat.aggregate.kind == Kind::kValue) {
    return std::nullopt;
  }
  // "p(99.9)" is "p999".
  std::copy_if(text.begin(), text.end(), std::back_inserter(stat.suffix),
               [](char c) { return c != '(' && c != ')' && c != '.' && c != ' '; });
  return stat;
}

// Nothing unless one of its settings is there. Throws ConfigError unless all are.
std::optional<AwsKey> read_aws_key(const ExportSettings& settings) {
  constexpr std::array<std::string_view, 3> kParts{"SIGV4_REGION", "SIGV4_ACCESS_KEY",
                                                   "SIGV4_SECRET_KEY"};
  const auto is_set = [&](std::string_view name) { return !settings.text(name).empty(); };
  if (std::none_of(kParts.begin(), kParts.end(), is_set)) return std::nullopt;
  for (const std::string_view name : kParts) {
    if (is_set(name)) continue;
    settings.refuse(name, "a signature for AWS needs a region, an access key and a secret key");
  }
  return AwsKey{.region = settings.text(kParts[0]),
                .service = "aps",
                .access_key = settings.text(kParts[1]),
                .secret_key = settings.text(kParts[2])};
}

PushSigner signer_of(const AwsKey& key) {
  return [key](const http::Url& url, std::string_view body) {
    const std::string time = aws_time(std::chrono::system_clock::now());
    const AwsRequest request{.method = "POST",
                             .target = url.target,
                             .headers = {{"Host", url.host_header}, {"X-Amz-Date", time}},
                             .body = body};
    return ExportSettings::Headers{{"X-Amz-Date", time},
                                   {"Authorization", aws_authorization(key, request, time)}};
  };
}

TlsOptions read_tls(const ExportSettings& settings) {
  TlsOptions tls;
  constexpr std::array<std::string_view, 2> kVersions{"1.2", "1.3"};
  const bool old = settings.choice("TLS_MINIMUM_VERSION", kVersions, "1.3") == "1.2";
  tls.least = old ? TlsVersion::kTls12 : TlsVersion::kTls13;
  tls.verify = !settings.flag("INSECURE_SKIP_TLS_VERIFY", false);
  read_certificates(settings,
                    {.authorities = "CA_CERTIFICATE",
                     .certificate = "CLIENT_CERTIFICATE",
                     .key = "CLIENT_CERTIFICATE_KEY"},
                    tls);
  return tls;
}

HttpReceiver read_receiver(std::string_view url, const ExportSettings& settings) {
  HttpReceiver receiver;
  receiver.url =
      parse_receiver_url(url.empty() ? settings.text("SERVER_URL", kDefaultUrl) : std::string(url));
  receiver.headers = settings.headers("HTTP_HEADERS", ':');
  for (auto& header : settings.headers_beginning("HEADERS_"))
    receiver.headers.push_back(std::move(header));
  if (const auto key = read_aws_key(settings)) {
    receiver.sign = signer_of(*key);
  } else {
    add_authorization(receiver.headers, settings.text("BEARER_TOKEN"), settings.text("USERNAME"),
                      settings.text("PASSWORD"));
  }
  receiver.tls = read_tls(settings);
  receiver.timeout = limits::kPushTimeout;
  return receiver;
}

}  // namespace

double TrendStat::value(const Histogram& trend) const {
  return sum ? trend.sum() : value_of(aggregate, trend);
}

std::vector<TrendStat> parse_trend_stats(std::string_view text, std::string_view where) {
  std::vector<TrendStat> stats;
  while (!text.empty()) {
    const std::string_view entry = text.substr(0, text.find(','));
    text.remove_prefix(std::min(entry.size() + 1, text.size()));
    auto stat = parse_trend_stat(http::trim(entry));
    if (!stat) {
      throw ConfigError(fmt::format("{}: \"{}\" is none of avg, min, med, max, count, sum, p(N)",
                                    where, http::trim(entry)));
    }
    const bool known = std::any_of(stats.begin(), stats.end(), [&stat](const TrendStat& other) {
      return other.suffix == stat->suffix;
    });
    if (!known) stats.push_back(std::move(*stat));
  }
  return stats;
}

RemoteWriteSettings read_remote_write_settings(std::string_view url, const Variables& variables,
                                               const VariablesBeginning& beginning, Log& log) {
  const ExportSettings settings(std::string(kPrefix), variables, beginning);
  check_settings(settings, kNames, {"PASSWORD", "BEARER_TOKEN", "SIGV4_SECRET_KEY"}, log);
  RemoteWriteSettings read;
  read.receiver = read_receiver(url, settings);
  read.interval = settings.duration("PUSH_INTERVAL", kInterval);
  read.stats =
      parse_trend_stats(settings.text("TREND_STATS", "p(99)"), settings.where("TREND_STATS"));
  read.native_histograms = settings.flag("TREND_AS_NATIVE_HISTOGRAM", false);
  read.stale_markers = settings.flag("STALE_MARKERS", true);
  return read;
}

}  // namespace perigee::exports
