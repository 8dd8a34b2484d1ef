#include "target/grpc/inference_service.h"

#include <fmt/format.h>

#include "engine/grpc/server/server_call.h"
#include "engine/protobuf/wire_writer.h"
#include "target/grpc/inference_fields.h"
#include "target/grpc/model_service.h"
#include "target/inference/model_inputs.h"

namespace perigee {
namespace {

using protobuf::WireWriter;

// Looking for one mark of such metadata costs less than looking for each of their names.
std::string_view routed(const http::ServerRequest& request) {
  const std::string_view fields = request.fields();
  return fields.find("seldon-") == std::string_view::npos ? std::string_view()
                                                          : routed_model(fields);
}

// Bytes of responses that wait for the client; with more, its requests wait, too.
constexpr size_t kUnsent = 1024 * 1024;

// As Triton has it: an error is one of the responses and ends nothing.
class InferenceStream final : public grpc::CallHandler {
 public:
  InferenceStream(InferenceService& service, grpc::ServerCall& call, CallPace& pace)
      : service_(service), call_(call), pace_(pace) {}

  void on_message(std::string_view message) override {
    const Instant at = call_.now();
    std::string response;
    WireWriter writer(response);
    try {
      pace_.admit();
      const auto open = writer.begin(inference_fields::kInferResponse);
      service_.infer(call_.request(), message, at, response);
      writer.end(open);
    } catch (const std::runtime_error&) {
      const grpc::Status status = refusal_status();
      if (status.code == grpc::Code::kInternal) return call_.finish(status);
      response.clear();
      writer.bytes_field(inference_fields::kErrorMessage, status.message);
    }
    call_.send(response, pace_.loaded(at));
    if (call_.unsent() > kUnsent) call_.pause_reading();
  }
  void on_drained() override { call_.resume_reading(); }
  void on_half_close() override { call_.finish(); }

 private:
  InferenceService& service_;
  grpc::ServerCall& call_;
  CallPace& pace_;
};

}  // namespace

void InferenceService::add_to(grpc::Services& services) {
  services.add({.path = "/inference.GRPCInferenceService/ModelInfer",
                .respond = [this](grpc::ServerCall& call,
                                  std::string_view message) { respond(call, message); },
                .begin = {}});
  services.add({.path = "/inference.GRPCInferenceService/ModelStreamInfer",
                .respond = {},
                .begin = [this](grpc::ServerCall& call) {
                  return std::make_unique<InferenceStream>(*this, call, pace_);
                }});
}

void InferenceService::respond(grpc::ServerCall& call, std::string_view message) try {
  pace_.admit();
  response_.clear();
  infer(call.request(), message, call.at(), response_);
  const Instant due = pace_.loaded(call.at());
  call.send(response_, due);
  call.finish({}, due);
} catch (const std::runtime_error&) {
  call.finish(refusal_status(), pace_.loaded(call.at()));
}

void InferenceService::infer(const http::ServerRequest& request, std::string_view message,
                             Instant at, std::string& response) {
  message_.read(message);
  const InferenceRepository::Entry& model = find(routed(request), at);
  const InferenceRequest inference = message_.tensors(*model.type);
  const std::vector<Tensor> outputs =
      choose_outputs(model.type->predict(inference.inputs), inference, *model.type);
  write_infer_response(response, {model.name, model.version, inference.id, outputs},
                       message_.raw());
}

const InferenceRepository::Entry& InferenceService::find(std::string_view routed, Instant at) {
  const std::string_view name = routed.empty() ? message_.model_name() : routed;
  if (!repository_.find(name, message_.model_version(), at, model_)) {
    throw CallRefusal(grpc::Code::kNotFound, unknown_model(name, message_.model_version()));
  }
  if (model_.state == InferenceRepository::State::kLoading) {
    throw CallRefusal(grpc::Code::kUnavailable,
                      fmt::format("Model {} is not ready yet: it is loading", name));
  }
  return model_;
}

}  // namespace perigee
