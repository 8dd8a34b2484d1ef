#include "engine/net/pem.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <memory>
#include <string_view>
#include <system_error>

#include <fmt/format.h>
#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/pem.h>

#include "engine/base/config_error.h"
#include "engine/net/ssl_error.h"

namespace perigee {
namespace {

constexpr std::string_view kBegin = "-----BEGIN ";

struct BioDelete {
  void operator()(BIO* bio) const { BIO_free(bio); }
};
using BioPtr = std::unique_ptr<BIO, BioDelete>;

struct PemText {
  std::string text;
  std::string where;  // with the path, if there is one
};

struct FileClose {
  void operator()(std::FILE* file) const { std::fclose(file); }
};

PemText read_file(const TlsPem& pem) {
  PemText result{{}, fmt::format("{}: {}", pem.where, pem.text)};
  const std::unique_ptr<std::FILE, FileClose> file(std::fopen(pem.text.c_str(), "rb"));
  std::array<char, 8192> buffer;
  while (file != nullptr) {
    const size_t size = std::fread(buffer.data(), 1, buffer.size(), file.get());
    if (size == 0) break;
    result.text.append(buffer.data(), size);
  }
  // Opening a folder succeeds, reading it does not.
  if (file == nullptr || std::ferror(file.get()) != 0) {
    const std::string reason = std::generic_category().message(errno);
    throw ConfigError(fmt::format("{}: can't read the file: {}", result.where, reason));
  }
  return result;
}

PemText text_of(const TlsPem& pem) {
  if (pem.text.find(kBegin) != std::string::npos) return {pem.text, pem.where};
  if (pem.text.empty() || pem.text.find('\n') != std::string::npos) {
    throw ConfigError(fmt::format(
        "{}: is neither a PEM text (\"-----BEGIN ...\") nor the path of a PEM file", pem.where));
  }
  PemText file = read_file(pem);
  if (file.text.find(kBegin) != std::string::npos) return file;
  throw ConfigError(
      fmt::format("{}: is no PEM file (there is no \"-----BEGIN\" in it); convert a "
                  "DER file with `openssl x509 -inform der` or `openssl pkey -inform "
                  "der`",
                  file.where));
}

BioPtr bio_of(const PemText& pem) {
  return BioPtr(BIO_new_mem_buf(pem.text.data(), static_cast<int>(pem.text.size())));
}

int copy_password(char* buffer, int size, int /*writing*/, void* password) {
  const auto& text = *static_cast<const std::string*>(password);
  const auto length = static_cast<int>(text.size());
  if (length > size) return -1;
  std::copy(text.begin(), text.end(), buffer);
  return length;
}

bool is_encrypted(const std::string& text) {
  return text.find("ENCRYPTED") != std::string::npos;
}

}  // namespace

std::vector<X509Ptr> read_certificates(const TlsPem& pem) {
  const PemText source = text_of(pem);
  const BioPtr bio = bio_of(source);
  std::vector<X509Ptr> certificates;
  while (X509Ptr next{PEM_read_bio_X509_AUX(bio.get(), nullptr, nullptr, nullptr)})
    certificates.push_back(std::move(next));
  // Reading ends with an error in any case; past the last certificate it is that there is none.
  const int end = ERR_GET_REASON(ERR_peek_last_error());
  const std::string reason = take_ssl_reason("it can't be read");
  if (end != PEM_R_NO_START_LINE) {
    throw ConfigError(fmt::format("{}: a certificate in it is broken: {}", source.where, reason));
  }
  if (certificates.empty()) {
    throw ConfigError(fmt::format("{}: there is no certificate in it", source.where));
  }
  return certificates;
}

KeyPtr read_key(const TlsPem& pem, const std::string& password) {
  const PemText source = text_of(pem);
  if (source.text.find("PRIVATE KEY-----") == std::string::npos) {
    throw ConfigError(fmt::format("{}: there is no private key in it", source.where));
  }
  const bool encrypted = is_encrypted(source.text);
  if (encrypted && password.empty()) {
    throw ConfigError(fmt::format("{}: the key is encrypted; give its password", source.where));
  }
  const BioPtr bio = bio_of(source);
  KeyPtr key(PEM_read_bio_PrivateKey(bio.get(), nullptr, copy_password,
                                     const_cast<std::string*>(&password)));
  if (key) return key;
  const std::string reason = take_ssl_reason("it can't be read");
  if (encrypted) {
    throw ConfigError(fmt::format("{}: the key can't be decrypted: is the password right? ({})",
                                  source.where, reason));
  }
  throw ConfigError(fmt::format("{}: the key is broken: {}", source.where, reason));
}

}  // namespace perigee
