#include "engine/http/proxy.h"

#include <algorithm>
#include <charconv>
#include <utility>

#include <fmt/format.h>

#include "engine/base/config_error.h"
#include "engine/http/basic_auth.h"
#include "engine/http/header_fields.h"

namespace perigee::http {
namespace {

struct Variable {
  std::string name;
  std::string value;
};

// The first of the two that is set to something.
Variable read_variable(const ProxySettings::Environment& environment, const std::string& name) {
  for (const std::string& spelling : {name, to_lower(std::string_view(name))}) {
    const auto value = environment(spelling);
    if (value && !value->empty()) return {spelling, *value};
  }
  return {};
}

Proxy read_proxy(const Variable& variable) {
  std::string text = variable.value;
  if (text.find("://") == std::string::npos) text.insert(0, "http://");
  const std::string scheme = to_lower(text.substr(0, text.find(':')));
  // The value is not shown: it may hold a password.
  if (scheme != "http" && scheme != "https") {
    throw ConfigError(
        fmt::format("{}: a proxy is reached over http:// or https:// in this version, not {}://; "
                    "unset it or name such a proxy",
                    variable.name, scheme));
  }
  std::string error;
  auto url = parse_url(text, error);
  if (!url) throw ConfigError(fmt::format("{} is no URL of a proxy: {}", variable.name, error));
  Proxy proxy;
  if (!url->credentials.empty()) proxy.authorization = basic_auth(url->credentials);
  proxy.url = std::make_shared<const Url>(std::move(*url));
  return proxy;
}

// "host:80", "[::1]:80" or no port at all.
std::pair<std::string_view, uint16_t> split_port(std::string_view text) {
  const size_t colon = text.rfind(':');
  const bool bare_ipv6 = !text.starts_with('[') && text.find(':') != colon;
  if (colon == std::string_view::npos || bare_ipv6 || text.ends_with(']')) return {text, 0};
  uint16_t port = 0;
  std::from_chars(text.data() + colon + 1, text.data() + text.size(), port);
  return {text.substr(0, colon), port};
}

}  // namespace

ProxySettings ProxySettings::from(const Environment& environment) {
  ProxySettings settings;
  const Variable http = read_variable(environment, "HTTP_PROXY");
  if (!http.value.empty()) settings.http_ = read_proxy(http);
  const Variable https = read_variable(environment, "HTTPS_PROXY");
  if (!https.value.empty()) settings.https_ = read_proxy(https);
  const Variable exceptions = read_variable(environment, "NO_PROXY");
  std::string_view rest = exceptions.value;
  while (!rest.empty()) {
    const size_t end = std::min(rest.find(','), rest.size());
    settings.add_exception(trim(rest.substr(0, end)));
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  return settings;
}

ProxySettings ProxySettings::through(const std::string& url) {
  ProxySettings settings;
  settings.except_local_ = false;
  if (!url.empty()) settings.http_ = settings.https_ = read_proxy({"proxy", url});
  return settings;
}

void ProxySettings::add_exception(std::string_view text) {
  if (text.empty()) return;
  if (text == "*") {
    except_all_ = true;
    return;
  }
  Exception exception;
  const auto [name, port] = split_port(text);
  exception.port = port;
  const std::string_view host =
      name.starts_with('[') && name.ends_with(']') ? name.substr(1, name.size() - 2) : name;
  exception.network = AddressRange::parse(host);
  exception.host = to_lower(host.starts_with("*.") ? host.substr(1) : host);
  exception.itself = !exception.host.starts_with('.');
  if (exception.itself) exception.host.insert(0, ".");
  exceptions_.push_back(std::move(exception));
}

const Proxy* ProxySettings::proxy_for(const Url& url) const {
  const std::optional<Proxy>& proxy = url.tls ? https_ : http_;
  return proxy && !excepted(url) ? &*proxy : nullptr;
}

bool ProxySettings::excepted(const Url& url) const {
  const std::string host = to_lower(std::string_view(url.host));
  const auto address = Address::parse(host, 0);
  const bool local = host == "localhost" || (address && address->loopback());
  if (except_all_ || (except_local_ && local)) return true;
  for (const Exception& exception : exceptions_) {
    if (exception.port != 0 && exception.port != url.port) continue;
    if (address && exception.network && exception.network->contains(*address)) return true;
    if (address || exception.network) continue;
    if (host.ends_with(exception.host)) return true;
    if (exception.itself && host == std::string_view(exception.host).substr(1)) return true;
  }
  return false;
}

}  // namespace perigee::http
