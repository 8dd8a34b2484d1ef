// Keys that are made for a session, whose public part somebody vouches for.
#pragma once

#include <string>

namespace perigee {

struct SessionKey {
  std::string private_pem;
  std::string public_pem;
};

// An RSA key of 2048 bits. Throws std::runtime_error if OpenSSL makes none.
SessionKey make_session_key();

}  // namespace perigee
