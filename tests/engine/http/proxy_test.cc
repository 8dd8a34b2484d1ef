#include "engine/http/proxy.h"

#include <map>

#include <doctest/doctest.h>

#include "engine/base/config_error.h"
#include "tests/engine/http/http_fixture.h"
#include "tests/engine/http/url_fixture.h"

namespace perigee::http {
namespace {

ProxySettings settings(std::map<std::string, std::string> variables) {
  return ProxySettings::from([&](const std::string& name) -> std::optional<std::string> {
    const auto found = variables.find(name);
    return found == variables.end() ? std::nullopt : std::optional(found->second);
  });
}

bool proxied(const ProxySettings& proxies, std::string_view url) {
  return proxies.proxy_for(url_of(url)) != nullptr;
}

TEST_CASE("the environment names a proxy in capitals or small letters, with or without a scheme") {
  for (const auto& [name, value] : std::map<std::string, std::string>{
           {"HTTP_PROXY", "http://p.test:3128"}, {"http_proxy", "p.test:3128"}}) {
    const ProxySettings proxies = settings({{name, value}});
    const Url url = url_of("http://h.test/");
    const Proxy* proxy = proxies.proxy_for(url);
    REQUIRE(proxy != nullptr);
    CHECK(proxy->url->host == "p.test");
    CHECK(proxy->url->port == 3128);
    CHECK(proxy->authorization.empty());
  }
  CHECK_FALSE(proxied(settings({}), "http://h.test/"));
  CHECK_FALSE(proxied(settings({{"HTTP_PROXY", ""}}), "http://h.test/"));
}

TEST_CASE("https URLs have a proxy of their own") {
  const ProxySettings proxies = settings(
      {{"HTTP_PROXY", "p.test"}, {"https_proxy", "https://s.test"}, {"NO_PROXY", "n.test"}});
  CHECK(proxies.proxy_for(url_of("http://h.test/"))->url->host == "p.test");
  CHECK(proxies.proxy_for(url_of("https://h.test/"))->url->host == "s.test");
  CHECK(proxies.proxy_for(url_of("https://h.test/"))->url->port == 443);
  CHECK_FALSE(proxied(proxies, "https://n.test/"));
  CHECK_FALSE(proxied(settings({{"HTTP_PROXY", "p.test"}}), "https://h.test/"));
}

TEST_CASE("this machine is never reached through a proxy") {
  const ProxySettings proxies = settings({{"HTTP_PROXY", "p.test"}});
  for (const auto* url :
       {"http://localhost/", "http://127.0.0.1/", "http://127.9.9.9:81/", "http://[::1]/"}) {
    CHECK_FALSE(proxied(proxies, url));
  }
  CHECK(proxied(proxies, "http://10.0.0.1/"));
  CHECK(proxied(proxies, "http://localhost.test/"));
}

TEST_CASE("NO_PROXY names domains, hosts, addresses, networks and ports") {
  const ProxySettings proxies =
      settings({{"HTTP_PROXY", "p.test"},
                {"NO_PROXY",
                 "a.test, .b.test,*.c.test,d.test:81,10.1.0.0/16,10.2.0.1,10.3.0.1:80,[fd00::1],"
                 "fd00::2,"}});
  for (const auto* url :
       {"http://a.test/", "http://A.TEST/", "http://x.a.test/", "http://x.b.test/",
        "http://x.c.test/", "http://d.test:81/", "http://10.1.9.9/", "http://10.2.0.1:82/",
        "http://10.3.0.1/", "http://[fd00::1]/", "http://[fd00::2]:81/"}) {
    CHECK_MESSAGE(!proxied(proxies, url), url);
  }
  for (const auto* url : {"http://aa.test/", "http://b.test/", "http://c.test/", "http://d.test/",
                          "http://10.2.0.2/", "http://10.3.0.1:81/", "http://[fd00::3]/"}) {
    CHECK_MESSAGE(proxied(proxies, url), url);
  }
  CHECK_FALSE(proxied(settings({{"HTTP_PROXY", "p.test"}, {"no_proxy", "x,*"}}), "http://h.test/"));
}

TEST_CASE("a proxy that can't be used is refused without showing its password") {
  CHECK_THROWS_WITH_AS(settings({{"HTTP_PROXY", "socks5://me:secret@p.test"}}),
                       "HTTP_PROXY: a proxy is reached over http:// or https:// in this version, "
                       "not socks5://; unset it or name such a proxy",
                       ConfigError);
  CHECK_THROWS_WITH_AS(
      settings({{"http_proxy", "http://p.test:99999"}}),
      "http_proxy is no URL of a proxy: the port must be a number from 1 to 65535, not \"99999\"",
      ConfigError);
}

struct ProxyFixture : HttpFixture {
  Response get_through(const std::string& proxy, const std::string& url,
                       const NetOptions& options = {}, int times = 1) {
    Network own(loop, options);
    Client proxied(loop, own, deadlines,
                   {.user_agent = "t", .proxies = settings({{"HTTP_PROXY", proxy}})});
    ConnectionPool users(traffic);
    Response response;
    for (int i = 0; i < times; ++i) {
      Answer answer;
      answer.after_end = [&] { loop.stop(); };
      answer.start(proxied, users, request(url));
      run();
      response = answer.response;
    }
    return response;
  }
};

TEST_CASE_FIXTURE(ProxyFixture, "a proxy is asked for the whole URL, over one connection") {
  RawServer proxy({{RawServer::request(), RawServer::send(ok("1")), RawServer::request(),
                    RawServer::send(ok("2")), RawServer::hang()}});
  const std::string address = "http://me:pw@127.0.0.1:" + std::to_string(proxy.port());
  const Response response =
      get_through(address, "http://u:p@nowhere.test:81/path?x=1", NetOptions(), 2);
  CHECK(response.body == "2");
  CHECK(response.outcome.remote.port() == proxy.port());
  CHECK(proxy.connections() == 1);
  CHECK(proxy.requests().at(0) ==
        "GET http://nowhere.test:81/path?x=1 HTTP/1.1\r\nHost: nowhere.test:81\r\n"
        "User-Agent: t\r\nAuthorization: Basic dTpw\r\nProxy-Authorization: Basic bWU6cHc=\r\n"
        "\r\n");
}

TEST_CASE_FIXTURE(ProxyFixture, "the failure of a proxy is told as one") {
  uint16_t port = 0;
  {
    const RawServer gone({{RawServer::hang_up()}});
    port = gone.port();
  }
  const std::string address = "127.0.0.1:" + std::to_string(port);
  const Error error = get_through(address, "http://nowhere.test/").outcome.error;
  CHECK(error.text == "proxy " + address + ": dial: connection refused");
  CHECK(static_cast<int>(error.code) == 1200);
}

TEST_CASE_FIXTURE(ProxyFixture, "a blocked host name is blocked behind a proxy, too") {
  NetOptions options;
  options.blocked_hostnames = {"nowhere.test"};
  const Error error = get_through("127.0.0.1:1", "http://nowhere.test/", options).outcome.error;
  CHECK(error.text == "hostname is blocked");
}

}  // namespace
}  // namespace perigee::http
