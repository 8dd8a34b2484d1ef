// Holds the inputs and outputs that a request names against the model it is for, whatever protocol
// they came by.
#pragma once

#include <string_view>
#include <vector>

#include "target/models.h"

namespace perigee {

class ModelInputs {
 public:
  explicit ModelInputs(const ModelType& model);

  // Takes the next input of the request. Throws BadRequest that names it and says what is wrong.
  void add(Tensor tensor);
  // The inputs in the order of the model's specification. Throws BadRequest where one is missing,
  // or where two disagree.
  std::vector<Tensor> take();

 private:
  void check_agreement() const;

  const ModelType& model_;
  std::vector<Tensor> inputs_;
  std::vector<bool> given_;
};

// Throws BadRequest if the model has no output of this name.
void check_output(std::string_view name, const ModelType& model);

// The model that a header names, which beats the one of the path or message, as behind Seldon's
// Envoy; empty if none does. `fields` is a block of header lines.
std::string_view routed_model(std::string_view fields);

}  // namespace perigee
