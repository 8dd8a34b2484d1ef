#include "target/inference/raw_request.h"

#include <fmt/format.h>

#include "target/bad_request.h"
#include "target/inference/model_inputs.h"
#include "target/inference/raw_values.h"
#include "target/input_tensor.h"

namespace perigee {
namespace {

// The model's shape with its free dimension, of which it may have one, made to fit.
Shape fitting_shape(size_t size, const InputSpec& spec) {
  Shape shape = spec.shape;
  int64_t* free = nullptr;
  size_t row = value_size(spec.datatypes[0]);
  for (int64_t& dimension : shape) {
    if (dimension != -1) {
      row *= static_cast<size_t>(dimension);
    } else if (free == nullptr) {
      free = &dimension;
    } else {
      throw BadRequest(
          fmt::format("input \"{}\" has the shape {}, of which a body without JSON leaves two "
                      "sizes open; send them in a JSON",
                      spec.name, shape_text(spec.shape)));
    }
  }
  if (free != nullptr) *free = static_cast<int64_t>(size / row);
  return shape;
}

}  // namespace

InferenceRequest read_raw_request(std::string_view bytes, const ModelType& model) {
  if (model.inputs.size() != 1) {
    throw BadRequest(fmt::format("a body without JSON is for models of one input; {} has {}",
                                 model.name, model.inputs.size()));
  }
  const InputSpec& spec = model.inputs[0];
  Tensor tensor{
      .name = std::string(spec.name), .datatype = spec.datatypes[0], .shape = {}, .values = {}};
  if (tensor.datatype == Datatype::kBytes) {
    tensor.shape.assign(spec.shape.size(), 1);
    tensor.values = Texts{std::string(bytes)};
  } else {
    tensor.shape = fitting_shape(bytes.size(), spec);
    read_raw_values(bytes, tensor, "binary data");
  }
  ModelInputs inputs(model);
  inputs.add(std::move(tensor));
  InferenceRequest request;
  request.inputs = inputs.take();
  request.binary_output = true;
  return request;
}

}  // namespace perigee
