// One request as a server has read it.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "engine/http/http1_parser.h"

namespace perigee::http {

// Keeps its own copy of the head, in buffers that are used again for the next request.
class ServerRequest {
 public:
  // Takes over a head as the parser gives it; `can_upgrade`: its connection may become one of
  // another protocol.
  void assign(const Http1Head& head, bool can_upgrade);

  std::string_view method() const { return method_; }
  std::string_view path() const { return path_; }    // as it came, without the query
  std::string_view query() const { return query_; }  // without the '?'
  std::string_view fields() const { return fields_; }
  bool keep_alive() const { return keep_alive_; }
  bool http10() const { return minor_version_ == 0; }
  // Whether its sender waits for a 100 before it sends the body.
  bool expects_continue() const;
  bool can_upgrade() const { return can_upgrade_; }
  bool head_only() const { return method_ == "HEAD"; }

  bool has_field(std::string_view name) const;
  // The value of the first field of this name (in any case), or "".
  std::string_view field(std::string_view name) const;
  // The values of all fields of this name, which together are one list, with commas between.
  std::string field_list(std::string_view name) const;
  // The value of a parameter of the query, decoded, or "".
  std::string parameter(std::string_view name) const;

  std::string body;
  // For whoever observes the server: what the request is, in numbers of its own.
  uint32_t label = 0;

 private:
  std::string head_;
  std::string_view method_, path_, query_, fields_;
  bool keep_alive_ = true;
  bool can_upgrade_ = false;
  int minor_version_ = 1;
};

// Decodes %XX; what is not a valid escape stays as it is.
std::string percent_decode(std::string_view text);

}  // namespace perigee::http
