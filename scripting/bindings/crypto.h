// The module "perigee.crypto": hashes, HMAC, signatures, random bytes.
#pragma once

#include "scripting/module.h"

namespace perigee {

class CryptoModule final : public Module {
 public:
  std::string_view name() const override { return "perigee.crypto"; }
  void declare(MetricRegistry&) override {}
  std::unique_ptr<Instance> open(ScriptHost& host) override;
};

}  // namespace perigee
