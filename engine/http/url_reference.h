// References to other URLs, as in Location headers, against the URL they came from.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "engine/http/url.h"

namespace perigee::http {

// The URL that `reference` means when it stands in an answer from `base` (RFC 3986, 5.2). One
// without a host keeps the base's credentials. What may not stand in a URL is percent-encoded. On
// failure returns nothing and says why in `error`.
std::optional<Url> resolve_reference(const Url& base, std::string_view reference,
                                     std::string& error);

// "/a/./b/../c" as "/a/c".
std::string remove_dot_segments(std::string_view path);

// Whether the reference names a scheme or a host of its own.
bool names_host(std::string_view reference);

}  // namespace perigee::http
