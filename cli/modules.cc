#include "cli/modules.h"

#include "scripting/bindings/core.h"
#include "scripting/bindings/crypto.h"
#include "scripting/bindings/data.h"
#include "scripting/bindings/encoding.h"
#include "scripting/bindings/execution.h"
#include "scripting/bindings/http.h"
#include "scripting/bindings/json.h"
#include "scripting/bindings/metrics.h"
#include "scripting/bindings/random.h"

namespace perigee {

Modules make_modules() {
  Modules modules;
  modules.push_back(std::make_unique<CoreModule>());
  modules.push_back(std::make_unique<HttpModule>());
  modules.push_back(std::make_unique<JsonModule>());
  modules.push_back(std::make_unique<MetricsModule>());
  modules.push_back(std::make_unique<ExecutionModule>());
  modules.push_back(std::make_unique<EncodingModule>());
  modules.push_back(std::make_unique<CryptoModule>());
  modules.push_back(std::make_unique<DataModule>());
  modules.push_back(std::make_unique<RandomModule>());
  return modules;
}

}  // namespace perigee
