#include "cli/grpc/grpc_services.h"

#include <algorithm>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "engine/base/config_error.h"
#include "engine/base/suggest.h"
#include "scripting/script.h"

namespace perigee {
namespace {

using protobuf::Description;
using protobuf::Schema;
using protobuf::SchemaError;

std::shared_ptr<const Schema> schema_of_files(const GrpcLoad& load) {
  if (load.protoset.empty()) {
    return Schema::from_proto_files(
        {.import_paths = {load.import_paths.begin(), load.import_paths.end()},
         .files = load.protos,
         .embedded = {}});
  }
  try {
    return Schema::from_descriptor_set(read_file(load.protoset));
  } catch (const SchemaError& error) {
    throw SchemaError(fmt::format("{}: {}", load.protoset, error.what()));
  }
}

std::string lines_of(const std::vector<std::string>& names) {
  std::string text;
  for (const std::string& name : names)
    text += name + '\n';
  return text;
}

// What people may have meant by a symbol that is not there: a service, a message or an enum.
std::string symbol_advice(const Schema& schema, const std::string& symbol) {
  std::vector<std::string_view> known;
  const auto add = [&known](const auto& types) {
    for (const auto& entry : types)
      known.emplace_back(entry.first);
  };
  add(schema.types().services);
  add(schema.types().messages);
  add(schema.types().enums);
  return did_you_mean(symbol, known);
}

std::string described(const Description& description) {
  std::string text =
      fmt::format("{} is {}:\n{}", description.name, description.kind, description.text);
  if (!text.ends_with('\n')) text += '\n';
  return text;
}

}  // namespace

KnownServices services_of_files(const GrpcLoad& load) {
  try {
    KnownServices services{.schema = schema_of_files(load), .names = {}};
    for (const protobuf::ServiceType* service : services.schema->services())
      services.names.push_back(service->full_name);
    return services;
  } catch (const SchemaError& error) {
    throw ConfigError(error.what());
  }
}

std::string list_text(const KnownServices& services, const std::string& service) {
  if (service.empty()) return lines_of(services.names);
  try {
    std::vector<std::string> methods;
    const protobuf::ServiceType& type = services.schema->service(service);
    for (const protobuf::MethodType& method : type.methods)
      methods.push_back(fmt::format("{}.{}", type.full_name, method.name));
    std::sort(methods.begin(), methods.end());
    return lines_of(methods);
  } catch (const SchemaError& error) {
    throw GrpcFailure(error.what());
  }
}

std::string description_text(const KnownServices& services, const std::string& symbol) {
  if (!symbol.empty()) {
    const auto description = services.schema->describe(symbol);
    if (description) return described(*description);
    throw GrpcFailure(
        fmt::format("there is no symbol {}{}", symbol, symbol_advice(*services.schema, symbol)));
  }
  std::string text;
  for (const std::string& name : services.names) {
    if (const auto description = services.schema->describe(name)) text += described(*description);
  }
  return text;
}

}  // namespace perigee
