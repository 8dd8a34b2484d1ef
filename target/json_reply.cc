#include "target/json_reply.h"

#include <utility>

#include <nlohmann/json.hpp>

namespace perigee {

http::Reply json_reply(int status, std::string json) {
  http::Reply reply;
  reply.status = status;
  reply.content_type = kJsonType;
  reply.text = std::move(json);
  return reply;
}

http::Reply error_reply(int status, std::string_view message) {
  const nlohmann::json document{{"error", message}};
  using nlohmann::json;
  return json_reply(status, document.dump(-1, ' ', false, json::error_handler_t::replace));
}

}  // namespace perigee
