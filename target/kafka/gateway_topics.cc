#include "target/kafka/gateway_topics.h"

#include <algorithm>

#include <fmt/format.h>

namespace perigee {
namespace {

constexpr std::string_view kPipeline = ".pipeline";
constexpr size_t kLongestName = 249;

std::string topic(std::string_view root, const ServedName& served, std::string_view side) {
  return fmt::format("{}.{}.{}.{}", root, served.kind, served.name, side);
}

bool is_allowed(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
         c == '_' || c == '-';
}

}  // namespace

ServedName served_name(const std::string& routed) {
  if (!routed.ends_with(kPipeline)) return {"model", routed};
  return {"pipeline", routed.substr(0, routed.size() - kPipeline.size())};
}

std::string inputs_topic(std::string_view root, const ServedName& served) {
  return topic(root, served, "inputs");
}

std::string outputs_topic(std::string_view root, const ServedName& served) {
  return topic(root, served, "outputs");
}

std::string errors_topic(std::string_view root) {
  return fmt::format("{}.errors.errors", root);
}

std::string routed_by_inputs(std::string_view root, std::string_view topic) {
  constexpr std::string_view kInputs = ".inputs";
  if (!topic.starts_with(root) || !topic.ends_with(kInputs)) return {};
  topic.remove_prefix(root.size());
  topic.remove_suffix(std::min(kInputs.size(), topic.size()));
  for (const std::string_view kind : {".model.", ".pipeline."}) {
    if (!topic.starts_with(kind) || topic.size() == kind.size()) continue;
    const std::string name(topic.substr(kind.size()));
    return kind == ".model." ? name : name + std::string(kPipeline);
  }
  return {};
}

bool is_topic_name(std::string_view name) {
  return !name.empty() && name.size() <= kLongestName && name != "." && name != ".." &&
         std::all_of(name.begin(), name.end(), is_allowed);
}

}  // namespace perigee
