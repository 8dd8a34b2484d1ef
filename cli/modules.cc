#include "cli/modules.h"

#include <cstdlib>
#include <memory>
#include <optional>
#include <string>

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
#include "scripting/bindings/protobuf.h"
#include "scripting/bindings/random.h"
#include "scripting/bindings/summary.h"
#include "scripting/bindings/tensor.h"
#include "scripting/bindings/url.h"
#include "scripting/bindings/websocket.h"
#include "scripting/bindings/yaml.h"

namespace perigee {
namespace {

std::optional<std::string> environment_variable(const std::string& name) {
  const char* value = std::getenv(name.c_str());
  return value == nullptr ? std::nullopt : std::optional<std::string>(value);
}

}  // namespace

Modules make_modules() {
  const auto schemas = std::make_shared<SchemaCache>();
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
  modules.push_back(std::make_unique<TensorModule>());
  modules.push_back(std::make_unique<UrlModule>());
  modules.push_back(std::make_unique<YamlModule>());
  modules.push_back(std::make_unique<SummaryModule>());
  return modules;
}

}  // namespace perigee
