// A request as the client sends it.
#pragma once

#include <memory>
#include <span>
#include <string_view>

#include "engine/base/clock.h"
#include "engine/http/url.h"

namespace perigee::http {

class BodySource;

struct Header {
  std::string_view name;
  std::string_view value;
};

struct Request {
  std::shared_ptr<const Url> url;
  std::string_view method;          // copied by `Client::start`
  std::span<const Header> headers;  // copied by `Client::start`; a "Host" here replaces the URL's
  std::string_view body;            // must stay where it is until the sink hears the end
  // Makes the body while it is sent, instead of `body`; must live until the sink hears the end.
  BodySource* source = nullptr;
  Duration timeout = std::chrono::seconds(60);
  bool repeatable = false;  // the server may process it twice, whatever its method
};

}  // namespace perigee::http
