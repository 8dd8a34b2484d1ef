#include "cli/modules.h"

#include <cstdlib>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "modules/inference/embedded_protos.h"
#include "modules/inference/module.h"
#include "modules/k8s/module.h"
#include "modules/storage/module.h"
#include "modules/sync/module.h"
#include "scripting/bindings/chat.h"
#include "scripting/bindings/core.h"
#include "scripting/bindings/crypto.h"
#include "scripting/bindings/data.h"
#include "scripting/bindings/encoding.h"
#include "scripting/bindings/execution.h"
#include "scripting/bindings/grpc/module.h"
#include "scripting/bindings/http.h"
#include "scripting/bindings/json.h"
#include "scripting/bindings/metrics.h"
#include "scripting/bindings/prelude_module.h"
#include "scripting/bindings/protobuf.h"
#include "scripting/bindings/random.h"
#include "scripting/bindings/summary.h"
#include "scripting/bindings/tensor.h"
#include "scripting/bindings/time.h"
#include "scripting/bindings/url.h"
#include "scripting/bindings/websocket.h"
#include "scripting/bindings/yaml.h"

#ifdef PERIGEE_KAFKA
#include "modules/avro/module.h"
#include "modules/kafka/binding/module.h"
#endif

namespace perigee {
namespace {

std::optional<std::string> environment_variable(const std::string& name) {
  const char* value = std::getenv(name.c_str());
  return value == nullptr ? std::nullopt : std::optional<std::string>(value);
}

// The names of files that a proto imports change with theirs.
void name_own(protobuf::EmbeddedProto& proto) {
  constexpr std::string_view kImport = "import \"tensorflow/";
  constexpr std::string_view kFolder = "built-in/";
  proto.name.insert(0, kFolder);
  for (size_t at = proto.text.find(kImport); at != std::string::npos;
       at = proto.text.find(kImport, at + 1))
    proto.text.insert(at + kImport.find('"') + 1, kFolder);
}

// Called so that no file of a script's own is taken for one of them.
std::vector<protobuf::EmbeddedProto> own_protos() {
  std::vector<protobuf::EmbeddedProto> protos = inference_protos();
  for (protobuf::EmbeddedProto& proto : protos)
    name_own(proto);
  return protos;
}

}  // namespace

Modules make_modules() {
  const auto schemas = std::make_shared<SchemaCache>(own_protos());
  Modules modules;
  modules.push_back(std::make_unique<CoreModule>());
  modules.push_back(std::make_unique<HttpModule>(http::ProxySettings::from(environment_variable)));
  modules.push_back(
      std::make_unique<WebSocketModule>(http::ProxySettings::from(environment_variable)));
  modules.push_back(
      std::make_unique<GrpcModule>(http::ProxySettings::from(environment_variable), schemas));
  modules.push_back(std::make_unique<ChatModule>());
  modules.push_back(std::make_unique<JsonModule>());
  modules.push_back(std::make_unique<MetricsModule>());
  modules.push_back(std::make_unique<ExecutionModule>());
  modules.push_back(std::make_unique<EncodingModule>());
  modules.push_back(std::make_unique<CryptoModule>());
  modules.push_back(std::make_unique<DataModule>());
  modules.push_back(std::make_unique<ProtobufModule>(schemas));
  modules.push_back(std::make_unique<RandomModule>());
  modules.push_back(std::make_unique<PreludeModule>("table"));
  modules.push_back(std::make_unique<TensorModule>());
  modules.push_back(std::make_unique<PreludeModule>("text"));
  modules.push_back(std::make_unique<TimeModule>());
  modules.push_back(std::make_unique<UrlModule>());
  modules.push_back(std::make_unique<YamlModule>());
  modules.push_back(std::make_unique<SummaryModule>());
  modules.push_back(std::make_unique<SyncModule>());
#ifdef PERIGEE_KAFKA
  modules.push_back(std::make_unique<KafkaModule>());
  modules.push_back(std::make_unique<AvroModule>());
#endif
  // On the modules above.
  modules.push_back(std::make_unique<InferenceModule>());
  modules.push_back(std::make_unique<KubernetesModule>(environment_variable));
  for (const auto kind : {StorageModule::Kind::kCredentials, StorageModule::Kind::kStorage})
    modules.push_back(std::make_unique<StorageModule>(kind, environment_variable));
  return modules;
}

}  // namespace perigee
