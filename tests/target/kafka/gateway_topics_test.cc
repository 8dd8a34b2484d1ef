// The names of topics.
#include "target/kafka/gateway_topics.h"

#include <doctest/doctest.h>

namespace perigee {

TEST_CASE("models and pipelines have topics of their kind, and all one of errors") {
  const ServedName model = served_name("iris");
  CHECK(inputs_topic("seldon.default", model) == "seldon.default.model.iris.inputs");
  CHECK(outputs_topic("seldon.default", model) == "seldon.default.model.iris.outputs");
  const ServedName pipeline = served_name("iris-pipeline.pipeline");
  CHECK(inputs_topic("a.b", pipeline) == "a.b.pipeline.iris-pipeline.inputs");
  CHECK(outputs_topic("a.b", pipeline) == "a.b.pipeline.iris-pipeline.outputs");
  CHECK(errors_topic("a.b") == "a.b.errors.errors");
}

TEST_CASE("a topic of inputs says what answers on it") {
  CHECK(routed_by_inputs("a.b", "a.b.model.iris.inputs") == "iris");
  CHECK(routed_by_inputs("a.b", "a.b.pipeline.p.inputs") == "p.pipeline");
  CHECK(routed_by_inputs("a.b", "a.b.model.x.y.inputs") == "x.y");
  for (const char* other :
       {"a.b.model.iris.outputs", "a.b.errors.errors", "a.c.model.iris.inputs", "a.b.model..inputs",
        "a.b.model.inputs", "a.b.inputs", "a.b", "a.bmodel.iris.inputs", "a.b.server.x.inputs"}) {
    CAPTURE(other);
    CHECK(routed_by_inputs("a.b", other).empty());
  }
}

TEST_CASE("Kafka takes letters, digits, dots, dashes and underscores as a topic's name") {
  for (const char* name : {"a", "seldon.default.model.mlflow_wine.inputs", "a-B.9"})
    CHECK(is_topic_name(name));
  for (const char* name : {"", ".", "..", "a b", "a/b", "a:b", "\xc3\xa4"}) {
    CAPTURE(name);
    CHECK_FALSE(is_topic_name(name));
  }
  CHECK(is_topic_name(std::string(249, 'a')));
  CHECK_FALSE(is_topic_name(std::string(250, 'a')));
}

}  // namespace perigee
