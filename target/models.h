// The models the target can serve: what each takes and gives, and how it computes one from the
// other.
#pragma once

#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "target/tensor.h"

namespace perigee {

// One input of a model. A dimension of -1 may have any size; in front it is the batch, which all
// inputs of a request share.
struct InputSpec {
  std::string_view name;
  std::string_view other_name;      // also accepted; empty if there is none
  std::vector<Datatype> datatypes;  // the first one is what the metadata names
  Shape shape;
};

struct OutputSpec {
  std::string_view name;
  Datatype datatype;
  Shape shape;
  bool on_request = false;  // computed always, answered only when the request names it
};

// Throws BadRequest for values it can't compute with. Inputs come in the order of the
// specification.
using Predict = std::function<std::vector<Tensor>(std::span<const Tensor> inputs)>;

struct ModelType {
  std::string_view name;
  std::vector<InputSpec> inputs;
  std::vector<OutputSpec> outputs;
  Predict predict;
  // Makes what predicts for a model that keeps a state of its own, in place of `predict`; empty for
  // others.
  std::function<Predict()> begin = nullptr;
  // Takes any inputs, also nameless ones, whatever `inputs` says: that is the metadata only.
  bool any_inputs = false;
};

// All of them, in the order of their names. Immutable.
std::span<const ModelType> model_types();

// The type of exactly this name; null if there is none.
const ModelType* find_model_type(std::string_view name);

// The type whose name is the longest prefix of `name`, '-' read as '_': "irisa7" is an iris.
const ModelType* model_type_by_prefix(std::string_view name);

// "add10, echo, iris, ...", for messages.
std::string model_type_names();
// Says that there is no type of this name, which one may be meant, and which there are.
std::string unknown_model_type(std::string_view name);

}  // namespace perigee
