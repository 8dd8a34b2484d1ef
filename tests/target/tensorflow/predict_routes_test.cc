#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include "tests/target/target_fixture.h"

namespace perigee {
namespace {

using nlohmann::json;

TEST_CASE_FIXTURE(TargetFixture, "a model predicts by columns, and by rows, as over /v2") {
  CHECK(post("/v1/models/iris:predict", R"({"inputs":[[1,2,3,4]]})").body ==
        R"({"outputs":[[2]]})");
  CHECK(post("/v1/models/iris/versions/1:predict", R"({"instances":[[1,2,3,4],[1,2,3,4]]})").body ==
        R"({"predictions":[[2],[2]]})");
  CHECK(stats()["routes"]["/v1/models/{model}:predict"] == 2);
}

TEST_CASE_FIXTURE(TargetFixture, "a model tells its status and signature") {
  const json status = json::parse(get("/v1/models/iris").body);
  CHECK(status["model_version_status"][0]["state"] == "AVAILABLE");
  CHECK(status["model_version_status"][0]["version"] == "1");
  CHECK(get("/v1/models/iris/versions/1").body == get("/v1/models/iris").body);
  const json metadata = json::parse(get("/v1/models/iris/metadata").body);
  CHECK(metadata["model_spec"]["name"] == "iris");
  const json signature = metadata["metadata"]["signature_def"]["signature_def"]["serving_default"];
  CHECK(signature["inputs"]["predict"]["dtype"] == "DT_FLOAT");
  CHECK(signature["inputs"]["predict"]["tensor_shape"]["dim"][0]["size"] == "-1");
  CHECK(signature["outputs"]["predict_proba"]["dtype"] == "DT_DOUBLE");
}

TEST_CASE_FIXTURE(TargetFixture, "all models are in the configuration") {
  const json config = json::parse(get("/v1/config").body);
  CHECK(config["tfsimple"]["model_version_status"][0]["state"] == "AVAILABLE");
  CHECK(config.size() > 5);
}

TEST_CASE_FIXTURE(TargetFixture, "the models of OpenAI's API stay where they are") {
  CHECK(json::parse(get("/v1/models/perigee").body)["object"] == "model");
  CHECK(json::parse(get("/v1/models/nothing").body)["error"]["code"] == "model_not_found");
}

TEST_CASE_FIXTURE(TargetFixture, "what is unknown or wrong is refused with TensorFlow's error") {
  const RawAnswer unknown = post("/v1/models/nothing:predict", R"({"inputs":[1]})");
  CHECK(unknown.status == 404);
  CHECK(json::parse(unknown.body)["error"] == "Model nothing not found");
  CHECK(get("/v1/models/iris/versions/9").status == 404);
  CHECK(post("/v1/models/iris:predict", "{}").status == 400);
  CHECK(post("/v1/models/iris/metadata", "{}").status == 405);
}

TEST_CASE_FIXTURE(TargetFixture, "a sequence that is not open is refused over both APIs of HTTP") {
  const auto predict = [this](int control) {
    return post("/v1/models/stateful_sum:predict",
                R"({"inputs":{"input":[[1,2,3,4]],"sequence_id":[5],"sequence_control_input":[)" +
                    std::to_string(control) + "]}}");
  };
  CHECK(predict(0).status == 404);
  CHECK(predict(1).status == 200);
  CHECK(predict(1).status == 409);
  const json ended = json::parse(predict(2).body);
  CHECK(ended["outputs"]["sum"] == json::parse("[[2.0,4.0,6.0,8.0]]"));
  const RawAnswer other = post("/v2/models/stateful_sum/infer", R"({"inputs":[
    {"name":"input","shape":[1,4],"datatype":"FP32","data":[1,2,3,4]},
    {"name":"sequence_id","shape":[1],"datatype":"UINT64","data":[5]},
    {"name":"sequence_control_input","shape":[1],"datatype":"UINT32","data":[2]}]})");
  CHECK(other.status == 404);
  CHECK(json::parse(other.body)["error"] == "Sequence with provided ID 5 does not exist");
}

}  // namespace
}  // namespace perigee
