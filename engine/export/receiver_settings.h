// What all exports that push over HTTP are told in the same way.
#pragma once

#include <initializer_list>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "engine/base/log.h"
#include "engine/export/export_settings.h"
#include "engine/http/url.h"
#include "engine/net/tls_options.h"

namespace perigee::exports {

// The URL of a receiver, with "http://" where no scheme is given. Throws ConfigError.
std::shared_ptr<const http::Url> parse_receiver_url(std::string_view text);

// Warns of settings that are none of `names`, and keeps the values of `secrets` out of the log.
void check_settings(const ExportSettings& settings, std::span<const std::string_view> names,
                    std::initializer_list<std::string_view> secrets, Log& log);

// What an export calls its files of certificates.
struct CertificateNames {
  std::string_view authorities;
  std::string_view certificate;  // the client's own
  std::string_view key;
};

// Reads those that are set. Throws ConfigError for a certificate without its key, or the other way
// round.
void read_certificates(const ExportSettings& settings, const CertificateNames& names,
                       TlsOptions& tls);

// Adds an Authorization header: of the token if there is one, else of the user if there is one.
void add_authorization(ExportSettings::Headers& headers, std::string_view token,
                       std::string_view user, std::string_view password);

}  // namespace perigee::exports
