// server PORT TLS_PORT AGEING_PORT CERTIFICATE KEY: calls.proto, health and reflection (v1alpha) by
// grpc++, without and with TLS, and with connections that are sent away after a moment.
#include <atomic>
#include <chrono>
#include <fstream>
#include <iostream>
#include <memory>
#include <sstream>
#include <string>

#include <google/protobuf/util/json_util.h>
#include <grpcpp/ext/proto_server_reflection_plugin.h>
#include <grpcpp/grpcpp.h>
#include <grpcpp/health_check_service_interface.h>

#include "calls.grpc.pb.h"

namespace peer = perigee::peer;
using grpc::ServerContext;
using grpc::Status;

namespace {

class Messages final : public peer::Messages::Service {
  Status Echo(ServerContext*, const peer::Scalars* request, peer::Scalars* response) override {
    *response = *request;
    return Status::OK;
  }

  Status ToJson(ServerContext*, const peer::Scalars* request, peer::Text* response) override {
    google::protobuf::util::JsonPrintOptions options;
    options.preserve_proto_field_names = true;
    return outcome(
        google::protobuf::util::MessageToJsonString(*request, response->mutable_text(), options));
  }

  Status FromJson(ServerContext*, const peer::Text* request, peer::Scalars* response) override {
    return outcome(google::protobuf::util::JsonStringToMessage(request->text(), response));
  }

  template <typename ProtobufStatus>
  static Status outcome(const ProtobufStatus& status) {
    if (status.ok()) return Status::OK;
    return Status(grpc::StatusCode::INVALID_ARGUMENT, std::string(status.message()));
  }
};

std::atomic<int> given_up = 0;

// A call that ends when its client has had enough of it.
class Waiting final : public grpc::ServerUnaryReactor {
 public:
  void OnCancel() override {
    ++given_up;
    Finish(Status::CANCELLED);
  }
  void OnDone() override { delete this; }
};

std::string metadata(const ServerContext& context, const std::string& name) {
  const auto found = context.client_metadata().find(name);
  if (found == context.client_metadata().end()) return "";
  return std::string(found->second.data(), found->second.size());
}

class Calls final : public peer::Calls::WithCallbackMethod_Wait<peer::Calls::Service> {
  Status TimeLeft(ServerContext* context, const peer::Nothing*, peer::Number* response) override {
    const auto deadline = context->deadline();
    const auto left = deadline - std::chrono::system_clock::now();
    const bool none = deadline == std::chrono::system_clock::time_point::max();
    response->set_value(none ? -1
                             : std::chrono::duration_cast<std::chrono::milliseconds>(left).count());
    return Status::OK;
  }

  grpc::ServerUnaryReactor* Wait(grpc::CallbackServerContext*, const peer::Nothing*,
                                 peer::Nothing*) override {
    return new Waiting;
  }

  Status GivenUp(ServerContext*, const peer::Nothing*, peer::Number* response) override {
    response->set_value(given_up);
    return Status::OK;
  }

  Status Fail(ServerContext*, const peer::Failure* request, peer::Nothing*) override {
    return Status(static_cast<grpc::StatusCode>(request->code()), request->message(),
                  request->details());
  }

  Status Echo(ServerContext* context, const peer::Text* request, peer::Text* response) override {
    const std::string pack = metadata(*context, "pack");
    if (pack == "gzip") context->set_compression_algorithm(GRPC_COMPRESS_GZIP);
    if (pack == "deflate") context->set_compression_algorithm(GRPC_COMPRESS_DEFLATE);
    context->AddInitialMetadata("echo", metadata(*context, "echo"));
    context->AddTrailingMetadata("echo-bin", metadata(*context, "echo-bin"));
    *response = *request;
    return Status::OK;
  }

  Status Sum(ServerContext*, grpc::ServerReader<peer::Number>* requests,
             peer::Number* response) override {
    peer::Number number;
    while (requests->Read(&number))
      response->set_value(response->value() + number.value());
    return Status::OK;
  }

  Status Numbers(ServerContext*, const peer::Number* request,
                 grpc::ServerWriter<peer::Number>* responses) override {
    peer::Number number;
    do {
      number.set_value(number.value() + 1);
      if (!responses->Write(number)) {
        ++given_up;
        return Status::CANCELLED;
      }
    } while (number.value() != request->value());
    return Status::OK;
  }

  Status Chat(ServerContext*, grpc::ServerReaderWriter<peer::Text, peer::Text>* stream) override {
    peer::Text text;
    while (stream->Read(&text))
      stream->Write(text);
    return Status::OK;
  }
};

std::string contents(const char* path) {
  std::stringstream text;
  text << std::ifstream(path).rdbuf();
  return text.str();
}

struct Services {
  Messages messages;
  Calls calls;

  std::unique_ptr<grpc::Server> listen(const char* port,
                                       const std::shared_ptr<grpc::ServerCredentials>& credentials,
                                       grpc::ServerBuilder& builder) {
    builder.AddListeningPort(std::string("127.0.0.1:") + port, credentials);
    builder.RegisterService(&messages);
    builder.RegisterService(&calls);
    return builder.BuildAndStart();
  }
};

}  // namespace

int main(int argc, char** argv) {
  if (argc != 6) return 2;
  grpc::EnableDefaultHealthCheckService(true);
  grpc::reflection::InitProtoReflectionServerBuilderPlugin();
  Services services;
  grpc::ServerBuilder plain, secure, ageing;
  grpc::SslServerCredentialsOptions tls;
  tls.pem_key_cert_pairs = {{contents(argv[5]), contents(argv[4])}};
  ageing.AddChannelArgument(GRPC_ARG_MAX_CONNECTION_AGE_MS, 300);
  ageing.AddChannelArgument(GRPC_ARG_MAX_CONNECTION_AGE_GRACE_MS, 20000);
  const auto servers = {
      services.listen(argv[1], grpc::InsecureServerCredentials(), plain),
      services.listen(argv[2], grpc::SslServerCredentials(tls), secure),
      services.listen(argv[3], grpc::InsecureServerCredentials(), ageing),
  };
  for (const auto& server : servers) {
    if (server == nullptr) return 1;
  }
  std::cout << "listening" << std::endl;
  (*servers.begin())->Wait();
}
