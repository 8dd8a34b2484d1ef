#include "cli/http_access.h"

#include <filesystem>

#include "engine/base/config_error.h"
#include "engine/http/proxy.h"
#include "engine/http/url.h"

namespace perigee {
namespace {

bool is_set(const JsonReader& flags, const char* key) {
  bool set = false;
  flags.read(key, set);
  return set;
}

void read_version(const JsonReader& flags, HttpLoad& load) {
  const bool http1 = is_set(flags, "http1.1");
  const bool http2 = is_set(flags, "http2");
  const bool h2c = is_set(flags, "h2c");
  if (http1 + http2 + h2c > 1) {
    throw ConfigError("--http1.1, --http2 and --h2c exclude each other: give one");
  }
  std::string error;
  const bool tls = http::parse_url(load.url, error)->tls;
  if (http2 && !tls) {
    flags.fail("http2", "is for https URLs; for HTTP/2 without TLS write --h2c");
  }
  if (h2c && tls) flags.fail("h2c", "is for http URLs; for HTTP/2 over TLS write --http2");
  if (http1) load.access.version = "1.1";
  if (http2 || h2c) load.access.version = "2";
}

void read_proxy(const JsonReader& flags, HttpLoad& load) {
  if (!flags.has("proxy")) return;
  flags.read("proxy", load.access.proxy.emplace());
  try {
    http::ProxySettings::through(*load.access.proxy);
  } catch (const ConfigError& error) {
    flags.fail("proxy", error.what());
  }
}

void expect_file(const JsonReader& flags, const char* key, const std::string& path) {
  std::error_code ignored;
  if (path.empty() || std::filesystem::exists(path, ignored)) return;
  flags.fail(key, "there is no file \"" + path + "\"");
}

// "client.pem:secret" as curl has it.
void split_password(ServerAccess& access) {
  std::error_code ignored;
  const size_t colon = access.certificate.rfind(':');
  if (colon == std::string::npos || std::filesystem::exists(access.certificate, ignored)) return;
  access.password = access.certificate.substr(colon + 1);
  access.certificate.resize(colon);
}

void read_certificates(const JsonReader& flags, ServerAccess& access) {
  flags.read("cacert", access.authorities);
  expect_file(flags, "cacert", access.authorities);
  flags.read("cert", access.certificate);
  split_password(access);
  expect_file(flags, "cert", access.certificate);
  flags.read("key", access.key);
  expect_file(flags, "key", access.key);
  if (access.certificate.empty() && !access.key.empty()) {
    flags.fail("key", "needs its certificate: give --cert FILE, too");
  }
  if (access.key.empty()) access.key = access.certificate;
  flags.read("pass", access.password);
}

}  // namespace

void read_access(const JsonReader& flags, HttpLoad& load) {
  read_version(flags, load);
  read_proxy(flags, load);
  read_certificates(flags, load.access);
}

}  // namespace perigee
