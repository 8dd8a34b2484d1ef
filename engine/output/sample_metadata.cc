#include "engine/output/sample_metadata.h"

namespace perigee {

Metadata all_metadata(const SampleSource& source, bool vu, bool iteration) {
  Metadata all = *source.metadata;
  if (iteration) all.try_emplace("iter", std::to_string(source.iteration));
  if (vu && source.vu != 0) all.try_emplace("vu", std::to_string(source.vu));
  return all;
}

}  // namespace perigee
