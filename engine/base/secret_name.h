// Says whether a name, of a variable, a header or a query parameter, is that of a secret.
#pragma once

#include <string_view>

namespace perigee {

// Goes by the words of the name, which are told apart by case and by all that is no letter and no
// digit: API_TOKEN, dbPassword, X-Api-Key and PGPASSWORD are names of secrets; MAX_TOKENS,
// TOKENIZER, TOKEN_FILE, Sec-WebSocket-Key and KEYBOARD are not.
bool names_secret(std::string_view name);

// Whether it is the name of several secrets, such as API_KEYS or HF_TOKENS. The latter may also be
// a number of tokens: the value tells.
bool names_secrets(std::string_view name);

}  // namespace perigee
