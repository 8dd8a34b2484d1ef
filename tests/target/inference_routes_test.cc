#include <chrono>

#include <doctest/doctest.h>

#include "tests/target/target_fixture.h"

namespace perigee {
namespace {

using nlohmann::json;

constexpr std::string_view kFlower =
    R"({"id":"7","inputs":[{"name":"predict","shape":[1,4],"datatype":"FP32","data":[1,2,3,4]}]})";

// The status, and the error if there is one.
std::string said(const RawAnswer& answer) {
  if (answer.status == 200) return "200";
  return std::to_string(answer.status) + " " + json::parse(answer.body)["error"].get<std::string>();
}

// An input that a model's metadata describes, with values; the datatype is the given one if
// `chosen`.
json filled(const json& input, const json& datatype, bool chosen) {
  size_t size = 1;
  json shape = json::array();
  for (const json& dimension : input["shape"]) {
    shape.push_back(dimension == -1 ? json(1) : dimension);
    size *= shape.back().get<size_t>();
  }
  const json type = chosen ? datatype : input["datatype"];
  const json value = type == "BYTES" ? json("1") : type == "BOOL" ? json(true) : json(1);
  return {{"name", input["name"]},
          {"datatype", type},
          {"shape", shape},
          {"data", std::vector<json>(size, value)}};
}

TEST_CASE_FIXTURE(TargetFixture, "the server is alive, ready and says what it is") {
  RawClient client(port());
  CHECK(client.get("/v2/health/live").status == 200);
  CHECK(client.get("/v2/health/ready").status == 200);
  const json metadata = json::parse(client.get("/v2").body);
  CHECK(metadata["name"] == "perigee");
  CHECK(metadata["extensions"] == json::parse(R"(["binary_tensor_data","model_repository"])"));
}

TEST_CASE_FIXTURE(TargetFixture, "a model says what it takes and gives") {
  CHECK(
      get("/v2/models/tfsimple").body ==
      R"({"name":"tfsimple","versions":["1"],"platform":"perigee_tfsimple",)"
      R"("inputs":[{"name":"INPUT0","datatype":"INT32","shape":[-1,16]},{"name":"INPUT1","datatype":"INT32","shape":[-1,16]}],)"
      R"("outputs":[{"name":"OUTPUT0","datatype":"INT32","shape":[-1,16]},{"name":"OUTPUT1","datatype":"INT32","shape":[-1,16]}],)"
      R"("parameters":{}})");
}

TEST_CASE_FIXTURE(TargetFixture, "an inference is answered from its input, as MLServer does") {
  CHECK(
      post("/v2/models/iris/infer", kFlower).body ==
      R"({"model_name":"iris","model_version":"1","id":"7","parameters":{},"outputs":[{"name":"predict",)"
      R"("shape":[1,1],"datatype":"INT64","parameters":{"content_type":"np"},"data":[2]}]})");
}

TEST_CASE_FIXTURE(TargetFixture, "a model that takes several datatypes lists them") {
  const json iris = json::parse(get("/v2/models/iris").body);
  CHECK(iris["inputs"][0]["datatype"] == "FP32");
  CHECK(iris["inputs"][0]["parameters"] == json{{"datatypes", {"FP32", "FP64", "INT32", "INT64"}}});
  CHECK_FALSE(iris["outputs"][0].contains("parameters"));
  const json echo = json::parse(get("/v2/models/echo").body);
  const json all = echo["inputs"][0]["parameters"]["datatypes"];
  CHECK(all.size() == 14);
  CHECK(echo["outputs"][0]["parameters"]["datatypes"] == all);
}

TEST_CASE_FIXTURE(TargetFixture, "every datatype of a model's metadata is taken") {
  RawClient client(port());
  for (const ModelType& type : model_types()) {
    // Its requests stand in sequences.
    if (type.name == "stateful_sum") continue;
    const json metadata = json::parse(client.get("/v2/models/" + std::string(type.name)).body);
    for (const json& input : metadata["inputs"]) {
      const json one{input["datatype"]};
      for (const json& datatype :
           input.value("parameters", json::object()).value("datatypes", one)) {
        json request{{"inputs", json::array()}};
        for (const json& each : metadata["inputs"])
          request["inputs"].push_back(filled(each, datatype, each == input));
        const RawAnswer response =
            client.post("/v2/models/" + std::string(type.name) + "/infer", request.dump());
        INFO(request.dump().substr(0, 200), response.body.substr(0, 200));
        CHECK(response.status == 200);
      }
    }
  }
}

TEST_CASE_FIXTURE(TargetFixture, "the target takes the numbers that it writes") {
  RawClient client(port());
  const auto echoed = [&](const std::string& datatype, const std::string& data) {
    const RawAnswer response =
        client.post("/v2/models/echo/infer", R"({"inputs":[{"name":"x","shape":[3],"datatype":")" +
                                                 datatype + R"(","data":)" + data + "}]}");
    INFO(response.body);
    REQUIRE(response.status == 200);
    const size_t begin = response.body.find(R"("data":)") + 7;
    return response.body.substr(begin, response.body.size() - begin - 3);
  };
  const std::string large = "[3.4028234663852886e38,-3.4028235e+38,3.4028235e+38]";
  CHECK(echoed("FP32", large) == "[3.4028235e+38,-3.4028235e+38,3.4028235e+38]");
  CHECK(echoed("FP64", "[1.7976931348623157e308,5e-324,0.1]") ==
        "[1.7976931348623157e+308,5e-324,0.1]");
  for (const char* datatype : {"FP16", "BF16", "FP32", "FP64"}) {
    for (const char* data : {"[null,0.1,-0.0]", "[65504,1e-7,33.33]", "[1e-45,2.5e-8,123456e-3]"}) {
      const std::string once = echoed(datatype, data);
      CHECK(echoed(datatype, once) == once);
    }
    CHECK(echoed(datatype, "[null,1.5,2]") == "[null,1.5,2]");
  }
}

TEST_CASE_FIXTURE(TargetFixture, "what stands behind an inference request is an error") {
  const std::string body(kFlower);
  CHECK(
      said(post("/v2/models/iris/infer", body + std::string("\0 rubbish", 9))).starts_with("400 "));
  CHECK(said(post("/v2/models/iris/infer", body + "{}")).starts_with("400 "));
  CHECK(said(post("/v2/repository/index", "{} {}")) ==
        "400 the body is not JSON: it goes wrong at byte 4: \"{}\"");
}

TEST_CASE_FIXTURE(TargetFixture, "/health says that the server runs") {
  CHECK(get("/health").body == R"({"status":"ok"})");
}

TEST_CASE_FIXTURE(TargetFixture, "an inference without an id is given one") {
  constexpr std::string_view kNoId =
      R"({"inputs":[{"name":"predict","shape":[1,4],"datatype":"FP32","data":[1,2,3,4]}]})";
  const json first = json::parse(post("/v2/models/iris/infer", kNoId).body);
  const json second = json::parse(post("/v2/models/iris/infer", kNoId).body);
  CHECK(first["id"].get<std::string>().size() == 36);
  CHECK(first["id"] != second["id"]);
}

TEST_CASE_FIXTURE(TargetFixture, "a bad inference is refused with what is wrong") {
  CHECK(said(post("/v2/models/iris/infer", "{}")) == "400 the request has no \"inputs\"");
  CHECK(said(post(
            "/v2/models/tfsimple_string/infer",
            R"({"inputs":[{"name":"INPUT0","shape":[1,1],"datatype":"BYTES","data":["x"]}]})")) ==
        "400 input \"INPUT0\" has the shape [1,1]; the model takes [-1,16]");
}

TEST_CASE_FIXTURE(TargetFixture, "a model is served by name, by version and by header") {
  RawClient client(port());
  CHECK(client.post("/v2/models/iris/versions/1/infer", kFlower).status == 200);
  CHECK(client.post("/v2/models/iris_1/infer", kFlower).status == 200);
  CHECK(client.post("/v2/models/nope/infer", kFlower, "seldon-model: iris\r\n").status == 200);
  CHECK(client
            .post("/v2/models/nope/infer", kFlower,
                  "Seldon-Model: nope\r\nseldon-internal-model: iris_1\r\n")
            .status == 200);
  CHECK(said(client.post("/v2/models/iris/versions/2/infer", kFlower)) ==
        "404 Model iris with version 2 not found: it is not loaded (POST "
        "/v2/repository/models/iris/load loads it)");
}

TEST_CASE_FIXTURE(TargetFixture, "a model is loaded, served and unloaded") {
  RawClient client(port());
  CHECK(said(client.post("/v2/models/irisa7/infer", kFlower)) ==
        "404 Model irisa7 not found: it is not loaded (POST /v2/repository/models/irisa7/load "
        "loads it)");
  CHECK(client.get("/v2/models/irisa7/ready").status == 404);
  CHECK(client.post("/v2/repository/models/irisa7/load", "").status == 200);
  CHECK(client.get("/v2/models/irisa7/ready").status == 200);
  CHECK(json::parse(client.post("/v2/models/irisa7/infer", kFlower).body)["model_name"] ==
        "irisa7");
  CHECK(client.post("/v2/repository/models/irisa7/unload", "").status == 200);
  CHECK(client.post("/v2/models/irisa7/infer", kFlower).status == 404);
  CHECK(client.post("/v2/repository/models/irisa7/unload", "").status == 404);
}

TEST_CASE_FIXTURE(TargetFixture, "a model that has its own name for a type says the type") {
  RawClient client(port());
  CHECK(client.post("/v2/repository/models/alpha/load", "{}").status == 404);
  CHECK(client.post("/v2/repository/models/alpha/load", R"({"parameters":{"model_type":"iris"}})")
            .status == 200);
  CHECK(client.post("/v2/models/alpha/infer", kFlower).status == 200);
  CHECK(client.post("/v2/repository/models/beta/load", R"({"parameters":{"model_type":"irs"}})")
            .status == 400);
  CHECK(said(client.post("/v2/repository/models/beta/load", "[]")) ==
        "400 the body is not a JSON object");
  CHECK(
      said(client.post("/v2/repository/models/beta/load", R"({"parameters":{"model_type":7}})")) ==
      "400 \"model_type\" is not a string");
}

TEST_CASE_FIXTURE(TargetFixture, "a header may say the type of a model to load") {
  RawClient client(port());
  CHECK(client.post("/v2/repository/models/alpha/load", "{}", "Perigee-Model-Type: iris\r\n")
            .status == 200);
  CHECK(client.post("/v2/models/alpha/infer", kFlower).status == 200);
  CHECK(client.post("/v2/repository/models/beta/load", "", "Perigee-Model-Type: irs\r\n").status ==
        400);
}

TEST_CASE_FIXTURE(TargetFixture, "an unknown model is not found") {
  CHECK(said(get("/v2/models/nope")) ==
        "404 Model nope not found: no model of this name is loaded");
  CHECK(get("/v2/models/nope/ready").status == 404);
}

TEST_CASE("the index tells which models are ready") {
  TargetOptions options;
  options.models = {"iris", "echo"};
  const TargetFixture fixture(options);
  const json ready = json::parse(fixture.post("/v2/repository/index", R"({"ready":true})").body);
  CHECK(ready == json::parse(R"([{"name":"echo","version":"1","state":"READY","reason":""},
                                 {"name":"iris","version":"1","state":"READY","reason":""}])"));
  const json all = json::parse(fixture.post("/v2/repository/index", "{}").body);
  CHECK(all.size() == 13);
  CHECK(all[0] ==
        json::parse(
            R"({"name":"add10","version":"1","state":"UNAVAILABLE","reason":"it is not loaded"})"));
  CHECK(json::parse(fixture.post("/v2/repository/index", "").body).size() == 13);
  CHECK(said(fixture.post("/v2/repository/index", "7")) == "400 the body is not a JSON object");
}

TEST_CASE("a model that takes its time to load is not served meanwhile") {
  TargetOptions options;
  options.load_time = std::chrono::hours(1);
  const TargetFixture fixture(options);
  RawClient loader(fixture.port());
  loader.send(
      "POST /v2/repository/models/iris7/load HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n");
  RawClient client(fixture.port());
  RawAnswer ready = client.get("/v2/models/iris7/ready");
  for (int i = 0; i < 100'000 && ready.status == 404; ++i) {  // until the load has been read
    ready = client.get("/v2/models/iris7/ready");
  }
  CHECK(said(ready) == "400 Model iris7 is not ready yet: it is loading");
  CHECK(said(client.post("/v2/models/iris7/infer", kFlower)) ==
        "400 Model iris7 is not ready yet: it is loading");
  CHECK(said(client.get("/v2/health/ready")) == "400 a model is still loading");
  CHECK(client.get("/v2/models/iris/ready").status == 200);
  CHECK(loader.silent());
}

TEST_CASE("loading is answered when the model is ready") {
  TargetOptions options;
  options.load_time = std::chrono::milliseconds(50);
  const TargetFixture fixture(options);
  RawClient client(fixture.port());
  const auto start = std::chrono::steady_clock::now();
  CHECK(client.post("/v2/repository/models/iris7/load", "").status == 200);
  CHECK(std::chrono::steady_clock::now() - start >= options.load_time);
  CHECK(client.post("/v2/models/iris7/infer", kFlower).status == 200);
}

TEST_CASE("the target can start without any model") {
  TargetOptions options;
  options.models.emplace();
  const TargetFixture fixture(options);
  CHECK(fixture.post("/v2/models/iris/infer", kFlower).status == 404);
  CHECK(fixture.get("/v2/health/ready").status == 200);
}

}  // namespace
}  // namespace perigee
