// Paths of fields as google.protobuf.FieldMask has them and as JSON spells them.
#pragma once

#include <string>
#include <string_view>

namespace perigee::protobuf {

// "user.displayName" for "user.display_name". A path that would not come back stays as it is.
std::string json_path_of(std::string_view path);
// The reverse; a path with underscores is one already.
std::string path_of_json(std::string_view json_path);

}  // namespace perigee::protobuf
