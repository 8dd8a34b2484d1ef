#include "target/router.h"

#include <doctest/doctest.h>

namespace perigee {
namespace {

TEST_CASE("a path finds its route and what stands in place of the pattern") {
  const RouteMatch bytes = match_route("GET", "/bytes/50");
  CHECK(bytes.id == RouteId::kBytes);
  CHECK(bytes.arguments[0] == "50");
  const RouteMatch both = match_route("GET", "/delay/10/bytes/50");
  CHECK(both.id == RouteId::kDelayBytes);
  CHECK(both.arguments[0] == "10");
  CHECK(both.arguments[1] == "50");
}

TEST_CASE("a model's routes may name a version") {
  CHECK(match_route("POST", "/v2/models/iris/infer").id == RouteId::kInfer);
  const RouteMatch versioned = match_route("POST", "/v2/models/iris/versions/3/infer");
  CHECK(versioned.id == RouteId::kInfer);
  CHECK(versioned.arguments[0] == "iris");
  CHECK(versioned.arguments[1] == "3");
  CHECK(match_route("GET", "/v2/models/iris/versions/3").id == RouteId::kModelMetadata);
  CHECK(match_route("GET", "/v2/models/iris").id == RouteId::kModelMetadata);
}

TEST_CASE("a segment may go on behind what stands in place of the pattern") {
  const RouteMatch predict = match_route("POST", "/v1/models/iris:predict");
  CHECK(predict.id == RouteId::kPredict);
  CHECK(predict.arguments[0] == "iris");
  const RouteMatch versioned = match_route("POST", "/v1/models/iris/versions/3:predict");
  CHECK(versioned.id == RouteId::kPredict);
  CHECK(versioned.arguments[1] == "3");
  CHECK(match_route("GET", "/v1/models/iris/metadata").id == RouteId::kPredictMetadata);
  CHECK(match_route("GET", "/v1/models/iris/versions/3").id == RouteId::kPredictStatus);
  CHECK(match_route("GET", "/v1/models/owner/model").id == RouteId::kCompletionModel);
  CHECK(match_route("POST", "/v1/models/:predict").id == RouteId::kCompletionModel);
}

TEST_CASE("a slash at the end changes nothing") {
  CHECK(match_route("GET", "/v2/").id == RouteId::kServerMetadata);
  CHECK(match_route("GET", "/bytes/50/").id == RouteId::kBytes);
}

TEST_CASE("what is no route is unknown") {
  for (const char* path : {"/bytes", "/bytes/", "/bytes/50/60", "/cookies/set/id", "/v2/models",
                           "/v2/models//infer", "/a/b/c/d/e/f/g/h/i/j", "*"}) {
    CAPTURE(path);
    CHECK(match_route("GET", path).id == RouteId::kUnknown);
  }
}

TEST_CASE("a route knows the methods it takes") {
  CHECK(match_route("GET", "/v2").method_allowed);
  CHECK(match_route("HEAD", "/v2").method_allowed);
  CHECK_FALSE(match_route("POST", "/v2").method_allowed);
  CHECK_FALSE(match_route("GET", "/v2/models/iris/infer").method_allowed);
  CHECK(match_route("PATCH", "/status/200").method_allowed);
  CHECK_FALSE(match_route("ET", "/v2").method_allowed);
  CHECK_FALSE(match_route("", "/v2").method_allowed);
  CHECK(match_route("DELETE", "/stats").method_allowed);
  CHECK(route_methods(RouteId::kLoad) == "POST");
}

TEST_CASE("each route has one name") {
  CHECK(route_name(RouteId::kInfer) == "/v2/models/{model}/infer");
  CHECK(route_name(RouteId::kHang) == "/hang");
  CHECK(route_name(RouteId::kUnknown) == "other");
}

TEST_CASE("a number is digits and nothing else") {
  CHECK(parse_number("0") == 0);
  CHECK(parse_number("67108864") == 67108864);
  for (const char* text : {"", "-1", "+1", "1.5", "5x", " 5", "18446744073709551616"}) {
    CAPTURE(text);
    CHECK(parse_number(text) == std::nullopt);
  }
}

}  // namespace
}  // namespace perigee
