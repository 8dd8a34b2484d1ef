// The scheduler's messages about servers.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "target/scheduler/servers.h"

namespace perigee {

// How many replicas a server is to have.
struct ServerNotice {
  std::string_view name;
  uint32_t replicas = 0;
};
// Of a ServerNotify. Throws MalformedMessage.
ServerNotice read_server_notice(std::string_view message);

// Appends a ServerStatusResponse.
void write_server_status(std::string& out, const Servers& servers, const ModelServer& server);

}  // namespace perigee
