#include "engine/http/basic_auth.h"

#include "engine/base/base64.h"

namespace perigee::http {

std::string basic_auth(std::string_view credentials) {
  return "Basic " + encode_base64(credentials);
}

}  // namespace perigee::http
