#include "scripting/yaml_document.h"

#include <cmath>
#include <stdexcept>

#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <yaml-cpp/yaml.h>

#include "engine/base/json_text.h"
#include "scripting/yaml_scalar.h"

namespace perigee {
namespace {

using Json = nlohmann::ordered_json;

constexpr int kDeepest = 200;
// Aliases are copied: a few lines of them can ask for more than any memory holds.
constexpr int kMostNodes = 5'000'000;
constexpr std::string_view kCoreTag = "tag:yaml.org,2002:";

[[noreturn]] void refuse(const YAML::Mark& mark, const std::string& what) {
  throw std::runtime_error(fmt::format("line {}: {}", mark.line + 1, what));
}

class Reader {
 public:
  Json read(const YAML::Node& node, int depth) {
    if (depth > kDeepest) refuse(node.Mark(), "nested too deeply");
    if (++nodes_ > kMostNodes) refuse(node.Mark(), "aliases multiply to too many values");
    switch (node.Type()) {
      case YAML::NodeType::Scalar:
        return scalar(node);
      case YAML::NodeType::Sequence: {
        check_tag(node, "seq");
        Json list = Json::array();
        for (const YAML::Node& item : node)
          list.push_back(read(item, depth + 1));
        return list;
      }
      case YAML::NodeType::Map:
        check_tag(node, "map");
        return mapping(node, depth);
      default:
        return nullptr;
    }
  }

 private:
  static std::string_view tag_of(const YAML::Node& node) {
    std::string_view tag = node.Tag();
    if (tag.starts_with(kCoreTag)) tag.remove_prefix(kCoreTag.size());
    return tag;
  }

  static void check_tag(const YAML::Node& node, std::string_view expected) {
    const std::string_view tag = tag_of(node);
    if (tag.empty() || tag == "?" || tag == "!" || tag == expected) return;
    refuse(node.Mark(), fmt::format("the tag {} is not supported here", node.Tag()));
  }

  static Json scalar(const YAML::Node& node) {
    const std::string_view tag = tag_of(node);
    const std::string& text = node.Scalar();
    if (tag == "!" || tag == "str") return text;  // quoted
    Json value = resolve_scalar(text);
    if (tag.empty() || tag == "?") return value;
    const bool fits = (tag == "int" && value.is_number_integer()) ||
                      (tag == "float" && value.is_number()) ||
                      (tag == "bool" && value.is_boolean()) || (tag == "null" && value.is_null());
    if (node.Tag().starts_with('!')) {
      refuse(node.Mark(), fmt::format("the tag {} is not supported here", node.Tag()));
    }
    if (!fits) refuse(node.Mark(), fmt::format("\"{}\" does not fit its tag {}", text, node.Tag()));
    return value;
  }

  Json mapping(const YAML::Node& node, int depth) {
    Json object = Json::object();
    for (const auto& entry : node) {
      if (!entry.first.IsScalar() && !entry.first.IsNull()) {
        refuse(entry.first.Mark(), "a key must be a scalar");
      }
      if (is_merge(entry.first)) continue;
      const std::string key = entry.first.IsNull() ? "" : entry.first.Scalar();
      if (object.contains(key)) {
        refuse(entry.first.Mark(), fmt::format("the key \"{}\" is there twice", key));
      }
      object[key] = read(entry.second, depth + 1);
    }
    for (const auto& entry : node) {
      if (is_merge(entry.first)) merge(read(entry.second, depth + 1), entry.second.Mark(), object);
    }
    return object;
  }

  static bool is_merge(const YAML::Node& key) {
    return key.IsScalar() && key.Scalar() == "<<" && key.Tag() != "!";
  }

  // What is there already wins; so do earlier mappings of a list.
  static void merge(const Json& from, const YAML::Mark& mark, Json& object) {
    if (from.is_array()) {
      for (const Json& item : from)
        merge(item, mark, object);
      return;
    }
    if (!from.is_object()) refuse(mark, "<< merges a mapping, or a list of them");
    for (const auto& member : from.items()) {
      if (!object.contains(member.key())) object[member.key()] = member.value();
    }
  }

  int nodes_ = 0;
};

void write_string(const std::string& text, YAML::Emitter& out) {
  if (is_ambiguous(text) || text.find('\n') != std::string::npos) out << YAML::DoubleQuoted;
  out << text;
}

void write(const Json& value, YAML::Emitter& out) {
  if (value.is_object()) {
    out << (value.empty() ? YAML::Flow : YAML::Block) << YAML::BeginMap;
    for (const auto& member : value.items()) {
      out << YAML::Key;
      write_string(member.key(), out);
      out << YAML::Value;
      write(member.value(), out);
    }
    out << YAML::EndMap;
  } else if (value.is_array()) {
    out << (value.empty() ? YAML::Flow : YAML::Block) << YAML::BeginSeq;
    for (const Json& item : value)
      write(item, out);
    out << YAML::EndSeq;
  } else if (value.is_string()) {
    write_string(value.get_ref<const std::string&>(), out);
  } else if (value.is_null()) {
    out << YAML::Null;
  } else {
    out << json_text(value);  // booleans and numbers are spelt as in JSON
  }
}

}  // namespace

std::vector<Json> parse_yaml(const std::string& text) {
  try {
    std::vector<Json> documents;
    for (const YAML::Node& document : YAML::LoadAll(text))
      documents.push_back(Reader().read(document, 0));
    return documents;
  } catch (const YAML::Exception& error) {
    refuse(error.mark, error.msg);
  }
}

std::string write_yaml(const Json& value) {
  YAML::Emitter out;
  out.SetNullFormat(YAML::LowerNull);
  write(value, out);
  return std::string(out.c_str(), out.size()) + '\n';
}

}  // namespace perigee
