// The schemas of a run, each loaded once for all workers and VUs.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "engine/protobuf/schema.h"

namespace perigee {

// Schemas stay as long as this does, so types in them may be referred to. May be used by several
// threads.
class SchemaCache {
 public:
  using Load = std::function<std::shared_ptr<const protobuf::Schema>()>;

  // The files are those that scripts and modules may load without having them.
  explicit SchemaCache(std::vector<protobuf::EmbeddedProto> built_in = {})
      : built_in_(std::move(built_in)) {}

  const std::vector<protobuf::EmbeddedProto>& built_in() const { return built_in_; }

  // The schema of this key. It is loaded when it is first asked for; null where it has not been and
  // `may_load` is false. Throws what `load` does.
  std::shared_ptr<const protobuf::Schema> find(const std::string& key, bool may_load,
                                               const Load& load);

 private:
  const std::vector<protobuf::EmbeddedProto> built_in_;
  std::mutex mutex_;
  std::map<std::string, std::shared_ptr<const protobuf::Schema>> schemas_;
};

}  // namespace perigee
