#include "target/access_routes.h"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <string>
#include <string_view>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "engine/http/basic_auth.h"
#include "engine/http/digest_auth.h"

namespace perigee {
namespace {

// One nonce for all clients: what is tested is their answer to it.
constexpr std::string_view kChallenge =
    "Digest realm=\"perigee\", nonce=\"6d1f0c5b\", qop=\"auth\", algorithm=MD5";

http::Reply route_list() {
  http::Reply reply;
  reply.content_type = http::kPlainText;
  for (const RouteLine& line : route_lines())
    reply.text += fmt::format("{:<48} {}\n", line.pattern, line.methods);
  return reply;
}

// The request's cookies by their names; of several of one name the first, as servers take it.
http::Reply cookies(const TargetRequest& request) {
  nlohmann::json cookies = nlohmann::json::object();
  const std::string header = request.field_list("cookie");
  std::string_view rest = header;
  while (!rest.empty()) {
    const size_t end = rest.find_first_of(";,");
    std::string_view pair = rest.substr(0, end);
    pair.remove_prefix(std::min(pair.find_first_not_of(' '), pair.size()));
    const size_t equals = pair.find('=');
    if (equals != std::string_view::npos)
      cookies.emplace(pair.substr(0, equals), pair.substr(equals + 1));
    rest = end == std::string_view::npos ? std::string_view() : rest.substr(end + 1);
  }
  return json_reply(200, nlohmann::json{{"cookies", std::move(cookies)}}.dump(
                             -1, ' ', false, nlohmann::json::error_handler_t::replace));
}

http::Reply set_cookie(std::string_view name, std::string_view value) {
  http::Reply reply;
  reply.content_type = http::kPlainText;
  reply.fields = fmt::format("Set-Cookie: {}={}; Path=/\r\n", name, value);
  reply.text = "set\n";
  return reply;
}

http::Reply welcome(std::string_view user) {
  return json_reply(200, nlohmann::json{{"authenticated", true}, {"user", user}}.dump(
                             -1, ' ', false, nlohmann::json::error_handler_t::replace));
}

http::Reply challenge(std::string_view header) {
  http::Reply reply = error_reply(401, "this needs the user and the password of the URL");
  reply.fields = fmt::format("WWW-Authenticate: {}\r\n", header);
  return reply;
}

http::Reply basic(const TargetRequest& request, std::string_view user, std::string_view password) {
  if (request.field("authorization") == http::basic_auth(fmt::format("{}:{}", user, password)))
    return welcome(user);
  return challenge("Basic realm=\"perigee\"");
}

// The value of `name=value` or `name="value"` in an Authorization header; empty if there is none.
std::string_view part_of(std::string_view header, std::string_view name) {
  for (size_t at = header.find(name); at != std::string_view::npos;
       at = header.find(name, at + 1)) {
    const std::string_view rest = header.substr(at + name.size());
    const bool is_word = at > 0 && (header[at - 1] == ' ' || header[at - 1] == ',');
    if (!is_word || !rest.starts_with('=')) continue;
    if (rest.starts_with("=\"")) return rest.substr(2, rest.find('"', 2) - 2);
    return rest.substr(1, rest.find_first_of(", ") - 1);
  }
  return {};
}

// How often the client says that it has used the nonce: "0000000a".
uint32_t count_of(std::string_view text) {
  uint32_t count = 0;
  std::from_chars(text.data(), text.data() + text.size(), count, 16);
  return count;
}

// Whether the header is what a client with these credentials answers to the challenge.
bool answers(std::string_view header, const TargetRequest& request,
             const std::string& credentials) {
  const std::string target(part_of(header, "uri"));
  if (!target.starts_with(request.path())) return false;
  const auto asked = http::parse_digest_challenge(kChallenge);
  const std::string right = http::digest_auth(*asked, {.credentials = credentials,
                                                       .method = request.method(),
                                                       .target = target,
                                                       .body = request.body,
                                                       .client_nonce = part_of(header, "cnonce"),
                                                       .count = count_of(part_of(header, "nc"))});
  return part_of(header, "response") == part_of(right, "response");
}

http::Reply digest(const TargetRequest& request, std::string_view user, std::string_view password) {
  const std::string_view header = request.field("authorization");
  const bool right = header.starts_with("Digest ") &&
                     answers(header, request, fmt::format("{}:{}", user, password));
  return right ? welcome(user) : challenge(kChallenge);
}

}  // namespace

http::Reply access_reply(const TargetRequest& request) {
  const auto& [first, second] = request.route().arguments;
  switch (request.route().id) {
    case RouteId::kCookies:
      return cookies(request);
    case RouteId::kSetCookie:
      return set_cookie(first, second);
    case RouteId::kBasicAuth:
      return basic(request, first, second);
    case RouteId::kDigestAuth:
      return digest(request, first, second);
    default:
      return route_list();
  }
}

}  // namespace perigee
