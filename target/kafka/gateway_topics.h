// The names of the topics that a gateway reads and writes, as Seldon's have them.
#pragma once

#include <string>
#include <string_view>

namespace perigee {

// What answers on a topic: a model, or a pipeline, by the name that the repository routes.
struct ServedName {
  std::string kind;  // "model" or "pipeline"
  std::string name;
};

// "iris" is a model, "iris-pipeline.pipeline" a pipeline.
ServedName served_name(const std::string& routed);

// `root` is "seldon.default": a prefix and a namespace.
std::string inputs_topic(std::string_view root, const ServedName& served);
std::string outputs_topic(std::string_view root, const ServedName& served);
std::string errors_topic(std::string_view root);

// What answers on a topic of inputs: the name as the repository routes it; empty for other topics.
std::string routed_by_inputs(std::string_view root, std::string_view topic);

// Whether Kafka takes it as a topic's name.
bool is_topic_name(std::string_view name);

}  // namespace perigee
