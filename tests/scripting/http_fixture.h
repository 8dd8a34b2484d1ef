// Scripts that send requests to a server which a test has written down.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "tests/support/http_answers.h"
#include "tests/support/raw_server.h"
#include "tests/support/script_fixture.h"

namespace perigee {

// A default function with this body, after `init` at the top of the script. It finds the server's
// URL, without a path, in `url`.
inline std::string http_script(const std::string& body, const std::string& init = {}) {
  return "local perigee, http = require 'perigee', require 'perigee.http' local url = __ENV.URL " +
         init + "\nreturn { default = function()\n" + body + "\nend }";
}

// The script with the server in its environment.
struct HttpScript : ScriptFixture {
  HttpScript(const RawServer& server, const std::string& body, const std::string& init = {},
             Options options = {})
      : ScriptFixture(http_script(body, init), with_url(server, std::move(options))) {}

  static Options with_url(const RawServer& server, Options options) {
    options.env["URL"] = server.url("");
    return options;
  }
};

// The part of a request before its body.
inline std::string head_of(const std::string& request) {
  return request.substr(0, request.find("\r\n\r\n") + 2);
}
inline std::string body_of(const std::string& request) {
  return request.substr(request.find("\r\n\r\n") + 4);
}

}  // namespace perigee
