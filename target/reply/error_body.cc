#include "target/reply/error_body.h"

#include <nlohmann/json.hpp>

namespace perigee {
namespace {

using nlohmann::ordered_json;

bool is_openai(std::string_view path) {
  return path == "/v1" || path.starts_with("/v1/");
}

ordered_json text_or_null(std::string_view text) {
  return text.empty() ? ordered_json() : ordered_json(text);
}

}  // namespace

http::Reply openai_error(int status, std::string_view message, const ErrorDetails& details) {
  const ordered_json document{{"error",
                               {{"message", message},
                                {"type", status >= 500 ? "server_error" : "invalid_request_error"},
                                {"param", text_or_null(details.param)},
                                {"code", text_or_null(details.code)}}}};
  return json_reply(status, document.dump(-1, ' ', false, ordered_json::error_handler_t::replace));
}

http::Reply error_for_path(std::string_view path, int status, std::string_view message,
                           const ErrorDetails& details) {
  return is_openai(path) ? openai_error(status, message, details) : error_reply(status, message);
}

}  // namespace perigee
