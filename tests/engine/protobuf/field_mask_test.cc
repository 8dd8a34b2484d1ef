#include "engine/protobuf/field_mask.h"

#include <doctest/doctest.h>

namespace perigee::protobuf {
namespace {

TEST_CASE("a path of fields has small letters and underscores, and in JSON humps") {
  CHECK(json_path_of("user.display_name") == "user.displayName");
  CHECK(path_of_json("user.displayName") == "user.display_name");
  CHECK(path_of_json("user.display_name") == "user.display_name");
}

TEST_CASE("a path that would not come back stays as it is") {
  CHECK(json_path_of("a__b") == "a__b");
  CHECK(json_path_of("a_1") == "a_1");
  CHECK(json_path_of("end_") == "end_");
  CHECK(json_path_of("Upper") == "Upper");
}

}  // namespace
}  // namespace perigee::protobuf
