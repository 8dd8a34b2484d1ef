#include "cli/http_request.h"

#include <algorithm>
#include <cctype>
#include <filesystem>
#include <string_view>
#include <vector>

#include <fmt/format.h>

#include "cli/http_form.h"
#include "engine/base/config_error.h"
#include "engine/http/url.h"
#include "scripting/script.h"

namespace perigee {
namespace {

constexpr const char* kForm = "application/x-www-form-urlencoded";
constexpr const char* kCodings = "gzip, deflate, br, zstd";

bool same_name(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](unsigned char x, unsigned char y) {
    return std::tolower(x) == std::tolower(y);
  });
}

// The later one of two headers of a name counts.
void set_header(HttpLoad& load, const std::string& name, const std::string& value) {
  std::erase_if(load.headers, [&](const auto& header) { return same_name(header.first, name); });
  load.headers.emplace_back(name, value);
}

bool has_header(const HttpLoad& load, std::string_view name) {
  return std::any_of(load.headers.begin(), load.headers.end(),
                     [&](const auto& header) { return same_name(header.first, name); });
}

// For the user and the password in a URL.
std::string percent_encoded(std::string_view text) {
  constexpr std::string_view kPlain = "-._~";
  std::string encoded;
  for (const unsigned char c : text) {
    const bool plain = std::isalnum(c) != 0 || kPlain.find(static_cast<char>(c)) != kPlain.npos;
    encoded += plain ? std::string(1, static_cast<char>(c)) : fmt::format("%{:02X}", c);
  }
  return encoded;
}

void read_header(const std::string& line, HttpLoad& load) {
  const size_t end = line.find_first_of(":;");
  if (end == std::string::npos || end == 0) {
    throw ConfigError(fmt::format("--header: must look like 'Name: value', got \"{}\"", line));
  }
  const size_t value = line.find_first_not_of(" \t", end + 1);
  // curl's `Name;` is a header without a value.
  const bool is_empty = value == std::string::npos;
  if (is_empty && line[end] == ':') {
    throw ConfigError(fmt::format("--header: \"{0}\" has no value; to send it empty, write '{1};'",
                                  line, line.substr(0, end)));
  }
  if (line[end] == ';' && !is_empty) {
    throw ConfigError(fmt::format("--header: must look like 'Name: value', got \"{}\"", line));
  }
  set_header(load, line.substr(0, end), is_empty ? "" : line.substr(value));
}

void read_headers(const JsonReader& flags, HttpLoad& load) {
  std::vector<std::string> lines;
  flags.read("headers", lines);
  for (const std::string& line : lines)
    read_header(line, load);
  for (const auto& [key, name] : {std::pair("contentType", "Content-Type"),
                                  {"userAgent", "User-Agent"},
                                  {"host", "Host"},
                                  {"cookie", "Cookie"}}) {
    std::string value;
    flags.read(key, value);
    if (!value.empty()) set_header(load, name, value);
  }
  bool compressed = false;
  flags.read("compressed", compressed);
  if (compressed) set_header(load, "Accept-Encoding", kCodings);
}

// A file that is there now, so that a misspelt name ends here and not in the script.
RequestBody file_body(RequestBody::Kind kind, const std::string& path) {
  const std::string text = read_file(path == "-" ? "/dev/stdin" : path);
  if (path != "-") return {kind, path};
  std::string body = text;
  if (kind == RequestBody::Kind::kOneLine)
    std::erase_if(body, [](char c) { return c == '\n' || c == '\r'; });
  return {RequestBody::Kind::kText, body};
}

RequestBody data_body(const std::string& text, RequestBody::Kind of_file) {
  if (!text.starts_with('@')) return {RequestBody::Kind::kText, text};
  return file_body(of_file, text.substr(1));
}

void add_body(RequestBody part, RequestBody& body) {
  if (body.kind == RequestBody::Kind::kNone) {
    body = std::move(part);
  } else if (body.kind == RequestBody::Kind::kText && part.kind == RequestBody::Kind::kText) {
    body.text += '&' + part.text;
  } else {
    throw ConfigError("a file as the body must be the only one of -d, --data-binary and -D");
  }
}

void read_body(const JsonReader& flags, HttpLoad& load) {
  std::vector<std::string> data;
  std::vector<std::string> raw;
  std::vector<std::string> binary;
  std::string file;
  flags.read("data", data);
  flags.read("dataRaw", raw);
  flags.read("dataBinary", binary);
  flags.read("bodyFile", file);
  for (const std::string& text : data)
    add_body(data_body(text, RequestBody::Kind::kOneLine), load.body);
  for (const std::string& text : raw)
    add_body({RequestBody::Kind::kText, text}, load.body);
  for (const std::string& text : binary)
    add_body(data_body(text, RequestBody::Kind::kFile), load.body);
  if (!file.empty()) add_body(file_body(RequestBody::Kind::kFile, file), load.body);
  read_form(flags, load.body);
}

void read_method(const JsonReader& flags, HttpLoad& load) {
  bool head = false;
  flags.read("head", head);
  if (load.body.kind != RequestBody::Kind::kNone) load.method = "POST";
  if (head) load.method = "HEAD";
  flags.read("method", load.method);
  const bool is_word = std::all_of(load.method.begin(), load.method.end(), [](unsigned char c) {
    return std::isalpha(c) != 0 || c == '-' || c == '_';
  });
  if (load.method.empty() || !is_word) {
    flags.fail("method", fmt::format("must be a method like PUT, got \"{}\"", load.method));
  }
  std::transform(load.method.begin(), load.method.end(), load.method.begin(),
                 [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
}

void read_user(const JsonReader& flags, HttpLoad& load) {
  std::string user;
  flags.read("user", user);
  flags.read("digest", load.digest);
  if (user.empty()) return;
  const size_t colon = user.find(':');
  if (colon == std::string::npos || colon == 0) {
    flags.fail("user", "must look like NAME:PASSWORD");
  }
  const size_t host = load.url.find("://") + 3;
  const size_t end = std::min(load.url.find_first_of("/?#", host), load.url.size());
  const size_t at = load.url.rfind('@', end);
  if (at != std::string::npos && at >= host) load.url.erase(host, at + 1 - host);
  load.url.insert(host, percent_encoded(user.substr(0, colon)) + ':' +
                            percent_encoded(user.substr(colon + 1)) + '@');
}

void read_url(const std::string& url, HttpLoad& load) {
  load.url = url.find("://") == std::string::npos ? "http://" + url : url;
  std::string error;
  if (!http::parse_url(load.url, error)) {
    throw ConfigError(fmt::format("\"{}\" is no URL to load: {}", url, error));
  }
}

}  // namespace

void read_request(const std::string& url, const JsonReader& flags, HttpLoad& load) {
  read_url(url, load);
  read_user(flags, load);
  read_body(flags, load);
  read_method(flags, load);
  read_headers(flags, load);
  const RequestBody::Kind kind = load.body.kind;
  const bool untyped = kind != RequestBody::Kind::kNone && kind != RequestBody::Kind::kForm;
  if (untyped && !has_header(load, "Content-Type")) set_header(load, "Content-Type", kForm);
}

}  // namespace perigee
