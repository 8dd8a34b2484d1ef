#include "engine/http/request_head.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "engine/http/basic_auth.h"

namespace perigee::http {
namespace {

// `name` is in lower case.
bool same_name(std::string_view text, std::string_view name) {
  return text.size() == name.size() &&
         std::equal(text.begin(), text.end(), name.begin(), [](char a, char b) {
           return (a >= 'A' && a <= 'Z' ? static_cast<char>(a | 0x20) : a) == b;
         });
}

// Which bytes may stand in a header's name or in a method.
constexpr std::array<bool, 256> kTokenBytes = [] {
  std::array<bool, 256> allowed{};
  for (unsigned c = '0'; c <= '9'; ++c)
    allowed[c] = true;
  for (unsigned c = 'a'; c <= 'z'; ++c)
    allowed[c] = allowed[c - 0x20] = true;
  for (const unsigned char c : std::string_view("!#$%&'*+-.^_`|~"))
    allowed[c] = true;
  return allowed;
}();

bool is_token(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    return kTokenBytes[static_cast<unsigned char>(c)];
  });
}

bool is_field_value(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) {
    return (static_cast<unsigned char>(c) >= 0x20 && c != 0x7f) || c == '\t';
  });
}

bool is_one_of(std::string_view method, std::initializer_list<std::string_view> methods) {
  return std::find(methods.begin(), methods.end(), method) != methods.end();
}

// Makes room for a whole head first and then writes without looking at the room again.
class HeadWriter {
 public:
  HeadWriter(std::string& out, size_t room) : out_(out) {
    out.resize(room);
    at_ = out.data();
  }
  void write(std::string_view text) { at_ = std::copy(text.begin(), text.end(), at_); }
  void write_field(std::string_view name, std::string_view value) {
    write(name);
    write(": ");
    write(value);
    write("\r\n");
  }
  void finish() { out_.resize(static_cast<size_t>(at_ - out_.data())); }

 private:
  std::string& out_;
  char* at_;
};

// The headers that the client writes itself unless the script did.
struct Given {
  bool connection = false;
  bool user_agent = false;
  bool authorization = false;
  bool proxy_authorization = false;
};

// Writes a script's header, but for those that are the client's own. False if it can't be sent.
bool write_header(HeadWriter& out, const Header& header, Given& given, RequestHead& head) {
  const auto [name, value] = header;
  if (!is_token(name) || !is_field_value(value)) {
    head.error = fmt::format("the header \"{}\" has a {} that HTTP does not allow", name,
                             is_token(name) ? "value" : "name");
    return false;
  }
  // Comparing lengths first leaves nearly every header after one look.
  switch (name.size()) {
    case 4:
      if (same_name(name, "host")) return true;
      break;
    case 10:
      given.user_agent = given.user_agent || same_name(name, "user-agent");
      if (same_name(name, "connection")) {
        given.connection = true;
        head.close = head.close || same_name(value, "close");
      }
      break;
    case 13:
      given.authorization = given.authorization || same_name(name, "authorization");
      break;
    case 14:
      if (same_name(name, "content-length")) return true;
      break;
    case 17:
      if (same_name(name, "transfer-encoding")) return true;
      break;
    case 19:
      given.proxy_authorization =
          given.proxy_authorization || same_name(name, "proxy-authorization");
      break;
    default:
      break;
  }
  out.write_field(name, value);
  return true;
}

// At least the bytes that the head takes.
size_t room_for(const Request& request, std::string_view host, const HeadSettings& settings) {
  constexpr size_t kFixedParts = 200;  // the version, names and separators
  size_t room = kFixedParts + request.method.size() + request.url->target.size() + host.size() +
                settings.user_agent.size() + 2 * request.url->credentials.size();
  if (settings.proxy != nullptr) room += host.size() + settings.proxy->authorization.size();
  for (const Header& header : request.headers)
    room += header.name.size() + header.value.size() + 4;
  return room;
}

std::string_view host_of(const Request& request) {
  for (const Header& header : request.headers) {
    if (same_name(header.name, "host")) return header.value;
  }
  return request.url->host_header;
}

}  // namespace

RequestHead write_request_head(std::string& out, const Request& request,
                               const HeadSettings& settings) {
  const std::string_view method = request.method;
  RequestHead head{
      .error = {},
      .expects_no_body = method == "HEAD",
      .tells_length = is_one_of(method, {"POST", "PUT", "PATCH"}),
      .idempotent = is_one_of(method, {"GET", "HEAD", "PUT", "DELETE", "OPTIONS", "TRACE"}),
      .close = settings.close,
  };
  if (!is_token(method)) head.error = fmt::format("\"{}\" is not an HTTP method", method);

  const std::string_view host = host_of(request);
  HeadWriter writer(out, room_for(request, host, settings));
  writer.write(method);
  writer.write(" ");
  if (settings.proxy != nullptr) {
    writer.write("http://");
    writer.write(host);
  }
  writer.write(request.url->target);
  writer.write(" HTTP/1.1\r\n");
  writer.write_field("Host", host);
  Given given;
  for (const Header& header : request.headers) {
    if (!write_header(writer, header, given, head)) return head;
  }
  if (!given.user_agent) writer.write_field("User-Agent", settings.user_agent);
  if (settings.close && !given.connection) writer.write_field("Connection", "close");
  if (!given.authorization && !request.url->credentials.empty()) {
    writer.write_field("Authorization", basic_auth(request.url->credentials));
  }
  if (settings.proxy != nullptr && !settings.proxy->authorization.empty() &&
      !given.proxy_authorization) {
    writer.write_field("Proxy-Authorization", settings.proxy->authorization);
  }
  writer.finish();
  return head;
}

void end_request_head(std::string& out, const RequestHead& head,
                      std::optional<uint64_t> body_size) {
  if (!body_size) {
    out.append("Transfer-Encoding: chunked\r\n");
  } else if (*body_size > 0 || head.tells_length) {
    const fmt::format_int length(*body_size);
    out.append("Content-Length: ").append(length.data(), length.size()).append("\r\n");
  }
  out.append("\r\n");
}

}  // namespace perigee::http
