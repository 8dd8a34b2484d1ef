// Which type of the target's models a model to load is.
#pragma once

#include <string>

#include "target/models.h"
#include "target/scheduler/model_request.h"

namespace perigee {

struct ModelArtifact {
  const ModelType* type = nullptr;
  std::string failure;  // why it can't be loaded; empty if it can
};

// The parameter "model_type" says, else where its files lie, else how its name begins; what none
// of them knows is an echo. Models called fail-... can't be loaded.
ModelArtifact find_artifact(const ModelRequest& request);

}  // namespace perigee
