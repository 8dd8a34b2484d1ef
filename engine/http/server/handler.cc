#include "engine/http/server/handler.h"

namespace perigee::http {

std::unique_ptr<DuplexEvents> ServerHandler::open(const ServerRequest& /*request*/,
                                                  DuplexStream& /*stream*/, Instant /*at*/) {
  return nullptr;
}

Reply ServerHandler::refuse(std::string_view /*path*/, int status, std::string_view message) {
  return plain_reply(status, message);
}

std::unique_ptr<ServerObserver> ServerHandler::observe() {
  return std::make_unique<ServerObserver>();
}

}  // namespace perigee::http
