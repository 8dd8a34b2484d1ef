#include "scripting/protobuf/schema_cache.h"

namespace perigee {

std::shared_ptr<const protobuf::Schema> SchemaCache::find(const std::string& key, bool may_load,
                                                          const Load& load) {
  const std::lock_guard lock(mutex_);
  const auto found = schemas_.find(key);
  if (found != schemas_.end()) return found->second;
  if (!may_load) return nullptr;
  return schemas_[key] = load();
}

}  // namespace perigee
