#include "cli/grpc/grpc_call.h"

#include <cerrno>
#include <cstring>
#include <string_view>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "cli/standard_output.h"

namespace perigee {
namespace {

const protobuf::MethodType& method_of(const GrpcLoad& load, const protobuf::Schema& schema) {
  try {
    return schema.method(load.method);
  } catch (const protobuf::SchemaError& error) {
    throw GrpcFailure(error.what());
  }
}

std::string encode(const protobuf::Schema& schema, const protobuf::MessageType& type,
                   const GrpcLoad& load, size_t index) {
  try {
    return schema.from_json(type, load.messages[index]);
  } catch (const protobuf::JsonError& error) {
    const std::string which = load.messages.size() > 1 ? fmt::format(" {}", index + 1) : "";
    throw GrpcFailure(fmt::format("message{} of --data: {}", which, error.what()));
  }
}

// Prints messages of a type, until nobody reads them.
class ResponsePrinter {
 public:
  ResponsePrinter(const GrpcLoad& load, const protobuf::Schema& schema,
                  const protobuf::MessageType& type)
      : load_(load), schema_(schema), type_(type) {}

  bool print(std::string_view message) {
    const std::string json = schema_.to_json(type_, message, {.defaults = load_.defaults});
    const auto shown = nlohmann::ordered_json::parse(json, nullptr, /*allow_exceptions=*/false);
    error_ = write_standard_output((shown.is_discarded() ? json : shown.dump(2)) + '\n');
    return error_ == 0;
  }
  // An errno of the standard output, or 0.
  int error() const { return error_; }

 private:
  const GrpcLoad& load_;
  const protobuf::Schema& schema_;
  const protobuf::MessageType& type_;
  int error_ = 0;
};

}  // namespace

GrpcCall encode_call(const GrpcLoad& load, const protobuf::Schema& schema) {
  GrpcCall call{.method = method_of(load, schema), .messages = {}};
  for (size_t i = 0; i < load.messages.size(); ++i)
    call.messages.push_back(encode(schema, *call.method.input, load, i));
  if (call.method.client_streaming) return call;
  if (call.messages.empty()) call.messages.emplace_back();
  // Calls of a load to a unary method take them in turn.
  const bool in_turn = !load.single && !call.method.server_streaming;
  if (!in_turn && call.messages.size() > 1) {
    throw GrpcFailure(
        fmt::format("{} takes one message, and --data has {}", load.method, call.messages.size()));
  }
  return call;
}

ExitCode print_call(const GrpcLoad& load, const protobuf::Schema& schema, GrpcSession& session,
                    Log& log) {
  const GrpcCall call = encode_call(load, schema);
  ResponsePrinter printer(load, schema, *call.method.output);
  std::string fault;
  const grpc::Status status =
      session.call(call.method, call.messages, [&](std::string_view message) {
        try {
          return printer.print(message);
        } catch (const protobuf::JsonError& error) {
          fault = error.what();
          return false;
        }
      });
  if (printer.error() == EPIPE) return ExitCode::kOutputClosed;
  if (printer.error() != 0) {
    log.error(fmt::format("can't write to standard output: {}", std::strerror(printer.error())));
    return ExitCode::kUnclassified;
  }
  if (!fault.empty()) throw GrpcFailure(fmt::format("the response can't be read: {}", fault));
  if (status.ok()) return ExitCode::kOk;
  throw GrpcFailure(fmt::format("the call has failed with {} (code {}){}{}",
                                grpc::code_name(status.code), static_cast<uint32_t>(status.code),
                                status.message.empty() ? "" : ": ", status.message));
}

}  // namespace perigee
