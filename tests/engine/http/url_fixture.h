// URLs for tests.
#pragma once

#include <string>
#include <string_view>

#include <doctest/doctest.h>

#include "engine/http/url.h"

namespace perigee::http {

// The URL of a text that is one.
inline Url url_of(std::string_view text) {
  std::string error;
  const auto url = parse_url(text, error);
  REQUIRE_MESSAGE(url, error);
  return *url;
}

}  // namespace perigee::http
