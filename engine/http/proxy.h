// The proxy between us and the servers, as the environment names it.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/http/url.h"
#include "engine/net/address_range.h"

namespace perigee::http {

struct Proxy {
  std::shared_ptr<const Url> url;
  std::string authorization;  // the value of Proxy-Authorization; empty if it wants none
};

// Which requests go through a proxy: the rules of Go's client, which are k6's. Immutable.
class ProxySettings {
 public:
  // What a variable of the environment is set to, if it is.
  using Environment = std::function<std::optional<std::string>(const std::string& name)>;

  // No proxy.
  ProxySettings() = default;
  // Reads HTTP_PROXY and, for https URLs, HTTPS_PROXY, and NO_PROXY, or the same in small letters.
  // Throws ConfigError if a proxy's address makes no sense.
  static ProxySettings from(const Environment& environment);

  // The proxy at this URL, for every request; none if the URL is empty. Throws ConfigError if it
  // makes no sense.
  static ProxySettings through(const std::string& url);

  // The proxy for requests to `url`; null if they go straight there, as with a proxy of the
  // environment those to this machine do.
  const Proxy* proxy_for(const Url& url) const;

 private:
  // One entry of NO_PROXY.
  struct Exception {
    std::string host;  // an address or a name in lower case; with a leading dot, the hosts below it
    std::optional<AddressRange> network;
    uint16_t port = 0;    // 0: any
    bool itself = false;  // of names: also the host of that name
  };

  void add_exception(std::string_view text);
  bool excepted(const Url& url) const;

  std::optional<Proxy> http_;
  std::optional<Proxy> https_;
  std::vector<Exception> exceptions_;
  bool except_all_ = false;
  bool except_local_ = true;  // this machine
};

}  // namespace perigee::http
