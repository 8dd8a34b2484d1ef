#include "engine/export/receiver_settings.h"

#include <fmt/format.h>

#include "engine/base/config_error.h"
#include "engine/http/basic_auth.h"

namespace perigee::exports {

std::shared_ptr<const http::Url> parse_receiver_url(std::string_view text) {
  const bool complete = text.find("://") != std::string_view::npos;
  const std::string url = complete ? std::string(text) : fmt::format("http://{}", text);
  std::string error;
  auto parsed = http::parse_url(url, error);
  if (!parsed) throw ConfigError(error);
  return std::make_shared<const http::Url>(std::move(*parsed));
}

void check_settings(const ExportSettings& settings, std::span<const std::string_view> names,
                    std::initializer_list<std::string_view> secrets, Log& log) {
  for (const std::string& warning : settings.unknown(names))
    log.warning(warning);
  for (const std::string_view name : secrets) {
    // The variable's own name may not tell that it holds a secret.
    if (settings.has(name)) log.hide({{"EXPORT_PASSWORD", settings.text(name)}});
  }
}

void read_certificates(const ExportSettings& settings, const CertificateNames& names,
                       TlsOptions& tls) {
  const auto pem_of = [&](std::string_view name) {
    return TlsPem{.text = settings.text(name), .where = settings.where(name)};
  };
  if (settings.has(names.authorities)) tls.authorities.push_back(pem_of(names.authorities));
  const bool key = settings.has(names.key);
  if (settings.has(names.certificate) != key) {
    settings.refuse(key ? names.certificate : names.key,
                    "a client certificate needs both its certificate and its key");
  }
  if (!key) return;
  tls.certificates.push_back(
      {.domains = {}, .certificate = pem_of(names.certificate), .key = pem_of(names.key)});
}

void add_authorization(ExportSettings::Headers& headers, std::string_view token,
                       std::string_view user, std::string_view password) {
  if (!token.empty()) {
    headers.emplace_back("Authorization", fmt::format("Bearer {}", token));
  } else if (!user.empty()) {
    headers.emplace_back("Authorization", http::basic_auth(fmt::format("{}:{}", user, password)));
  }
}

}  // namespace perigee::exports
