#include "cli/grpc/grpc_session.h"

#include <chrono>
#include <cstdlib>
#include <optional>
#include <utility>

#include <fmt/format.h>

#include "engine/base/config_error.h"
#include "engine/base/duration.h"
#include "engine/grpc/call.h"
#include "engine/grpc/metadata.h"
#include "engine/grpc/reflection.h"
#include "engine/http/proxy.h"
#include "engine/net/tls_context.h"
#include "scripting/bindings/grpc/connect_params.h"

namespace perigee {
namespace {

constexpr Duration kConnectTimeout = std::chrono::seconds(60);
constexpr Duration kCallTimeout = std::chrono::minutes(2);

std::optional<std::string> variable(const std::string& name) {
  const char* const value = std::getenv(name.c_str());
  return value == nullptr ? std::nullopt : std::optional<std::string>(value);
}

// Without its port.
std::string host_of(const std::string& authority) {
  return authority.substr(0, authority.rfind(':'));
}

std::shared_ptr<const TlsContext> tls_of(const GrpcAccess& access) {
  if (access.plaintext) return nullptr;
  TlsOptions tls;
  tls.verify = !access.skips_verification;
  tls.key_log = variable("SSLKEYLOGFILE").value_or("");
  tls.server_name = access.server_name.empty() ? host_of(access.authority) : access.server_name;
  if (!access.authorities.empty()) tls.authorities = {{access.authorities, "--cacert"}};
  if (!access.certificate.empty()) {
    tls.certificates = {
        {.certificate = {access.certificate, "--cert"}, .key = {access.key, "--key"}}};
  }
  return std::make_shared<const TlsContext>(tls);
}

std::shared_ptr<const http::Url> server_of(const GrpcLoad& load) {
  try {
    return grpc_server(load.address, load.access.plaintext);
  } catch (const std::runtime_error& error) {
    throw ConfigError(error.what());
  }
}

grpc::ChannelSettings settings_of(const GrpcLoad& load) {
  grpc::ChannelSettings settings{.server = server_of(load),
                                 .authority = load.access.authority,
                                 .tls = tls_of(load.access),
                                 .proxies = http::ProxySettings::from(variable)};
  if (!load.user_agent.empty()) settings.user_agent = load.user_agent;
  return settings;
}

Duration connect_timeout(const GrpcLoad& load) {
  return load.access.timeout.value_or(kConnectTimeout);
}

grpc::Reflection::Metadata wire_metadata(const GrpcLoad& load) {
  grpc::Reflection::Metadata metadata;
  for (const auto& [name, value] : load.metadata)
    metadata.emplace_back(name, grpc::is_binary(name) ? grpc::encode_binary(value) : value);
  return metadata;
}

// What to write instead, by what TLS calls the fault.
std::string_view connect_advice(const std::string& reason) {
  const auto is = [&reason](const char* part) { return reason.find(part) != std::string::npos; };
  if (is("x509: certificate doesn't match")) {
    return " (--servername NAME says whom it is for, --skip-verify checks nothing)";
  }
  if (is("x509: ")) return " (--cacert FILE trusts an authority, --skip-verify checks nothing)";
  // A server without TLS answers with something else, or hangs up.
  if (is("tls: ")) return " (if the server speaks no TLS, write --plaintext)";
  return "";
}

std::string reflection_fault(const grpc::Status& status) {
  if (status.code == grpc::Code::kUnimplemented) {
    return "the server does not offer reflection: name its types by --proto FILE or --protoset "
           "FILE";
  }
  return fmt::format("reflection: {} ({})", status.message, grpc::code_name(status.code));
}

}  // namespace

class GrpcSession::ConnectWait final : public grpc::ConnectEvents {
 public:
  explicit ConnectWait(Loop& loop) : loop_(loop) {}
  void on_connected(const grpc::Status& its_status) override {
    status = its_status;
    loop_.stop();
  }
  grpc::Status status;

 private:
  Loop& loop_;
};

class GrpcSession::ReflectWait final : public grpc::Reflection::Events {
 public:
  explicit ReflectWait(Loop& loop)
      : reflection(static_cast<grpc::Reflection::Events&>(*this)), loop_(loop) {}
  void on_reflected(const grpc::Status& its_status, std::vector<std::string> its_files) override {
    status = its_status;
    files = std::move(its_files);
    loop_.stop();
  }
  grpc::Reflection reflection;
  grpc::Status status;
  std::vector<std::string> files;

 private:
  Loop& loop_;
};

class GrpcSession::CallWait final : public grpc::CallEvents {
 public:
  CallWait(Loop& loop, const OnMessage& on_message)
      : call(*this), loop_(loop), on_message_(on_message) {}
  void on_message(std::string_view message, Instant /*at*/) override {
    if (stopped_ || on_message_(message)) return;
    stopped_ = true;
    call.end_soon({grpc::Code::kCancelled, "nobody reads the response"});
  }
  void on_end(const grpc::CallEnd& end) override {
    status = end.status;
    loop_.stop();
  }
  grpc::Call call;
  grpc::Status status;

 private:
  Loop& loop_;
  const OnMessage& on_message_;
  bool stopped_ = false;
};

GrpcSession::GrpcSession(const GrpcLoad& load)
    : load_(load),
      network_(loop_),
      deadlines_(loop_.timers()),
      channel_(loop_, network_, deadlines_, refused_, settings_of(load)) {}

void GrpcSession::wait(std::string_view what) {
  bool late = false;
  Timer timer(loop_.timers(), [&] {
    late = true;
    loop_.stop();
  });
  timer.start(loop_.now() + connect_timeout(load_));
  loop_.run();
  if (!late) return;
  throw GrpcFailure(fmt::format("{}: no {} within {} (--connect-timeout)", load_.address, what,
                                format_duration(connect_timeout(load_))));
}

void GrpcSession::connect() {
  ConnectWait waiting(loop_);
  if (channel_.connect(waiting)) return;
  try {
    wait("connection");
  } catch (...) {
    channel_.forget(waiting);
    throw;
  }
  if (waiting.status.ok()) return;
  const std::string& reason = waiting.status.message;
  throw GrpcFailure(fmt::format("{}{}", reason, connect_advice(reason)));
}

KnownServices GrpcSession::reflect() {
  ReflectWait waiting(loop_);
  waiting.reflection.start(channel_, wire_metadata(load_), connect_timeout(load_));
  loop_.run();
  if (!waiting.status.ok()) throw GrpcFailure(reflection_fault(waiting.status));
  const auto& names = waiting.reflection.services();
  try {
    return {protobuf::Schema::from_descriptors(waiting.files), {names.begin(), names.end()}};
  } catch (const protobuf::SchemaError& error) {
    throw GrpcFailure(fmt::format("reflection: {}", error.what()));
  }
}

grpc::Status GrpcSession::call(const protobuf::MethodType& method,
                               std::span<const std::string> messages, const OnMessage& on_message) {
  CallWait waiting(loop_, on_message);
  grpc::Call& call = waiting.call;
  call.begin(channel_, {.path = method.path,
                        .metadata = wire_metadata(load_),
                        .timeout = load_.timeout.value_or(kCallTimeout),
                        .compresses = load_.compressed,
                        .one_message_each = !method.client_streaming && !method.server_streaming,
                        .one_message_sent = !method.client_streaming});
  for (const std::string& message : messages) {
    call.begin_message().append(message);
    call.end_message();
  }
  call.close_send();
  call.start(loop_.now());
  loop_.run();
  return waiting.status;
}

}  // namespace perigee
