// One request as the target has read it.
#pragma once

#include <string>
#include <string_view>

#include "engine/http/http1_parser.h"
#include "target/router.h"

namespace perigee {

// Keeps its own copy of the head, in buffers that are used again for the next request.
class TargetRequest {
 public:
  // Takes over a head as the parser gives it, and finds its route.
  void assign(const http::Http1Head& head);

  std::string_view method() const { return method_; }
  std::string_view path() const { return path_; }    // as it came, without the query
  std::string_view query() const { return query_; }  // without the '?'
  std::string_view fields() const { return fields_; }
  const RouteMatch& route() const { return route_; }
  bool keep_alive() const { return keep_alive_; }
  bool http10() const { return minor_version_ == 0; }
  // Whether its sender waits for a 100 before it sends the body.
  bool expects_continue() const;
  bool head_only() const { return method_ == "HEAD"; }

  bool has_field(std::string_view name) const;
  // The value of the first field of this name (in any case), or "".
  std::string_view field(std::string_view name) const;
  // The values of all fields of this name, which together are one list, with commas between.
  std::string field_list(std::string_view name) const;
  // The value of a parameter of the query, decoded, or "".
  std::string parameter(std::string_view name) const;

  std::string body;

 private:
  std::string head_;
  std::string_view method_, path_, query_, fields_;
  RouteMatch route_;
  bool keep_alive_ = true;
  int minor_version_ = 1;
};

// Takes the first "Name: value" line off `fields`. False when none is left; a line without a colon
// is skipped.
bool next_field(std::string_view& fields, std::string_view& name, std::string_view& value);

}  // namespace perigee
