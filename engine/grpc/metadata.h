// Metadata: what goes along with a call as fields of its head or trailers.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace perigee::grpc {

// Values under such a name are bytes, and go over the wire as Base64.
bool is_binary(std::string_view name);
std::string encode_binary(std::string_view bytes);
// With or without padding; several values, joined by commas, one behind the other with a comma
// between them. As it is, if it is no Base64.
std::string decode_binary(std::string_view value);

// Why a script may not send this, or "" if it may. Names are in lower case.
std::string metadata_fault(std::string_view name, std::string_view value);

// Whether the field belongs to gRPC or HTTP/2 itself, and not to the user.
bool is_reserved(std::string_view name);

}  // namespace perigee::grpc
