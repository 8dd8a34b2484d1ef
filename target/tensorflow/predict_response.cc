#include "target/tensorflow/predict_response.h"

#include <algorithm>

#include <fmt/format.h>

#include "engine/base/base64.h"
#include "target/bad_request.h"
#include "target/reply/json_value.h"

namespace perigee {
namespace {

// Writes the values of a tensor in turn.
class NestedWriter {
 public:
  NestedWriter(std::string& out, const Tensor& tensor)
      : out_(out), tensor_(tensor), is_binary_(tensor.name.ends_with("_bytes")) {}

  void write(size_t depth) {
    if (depth == tensor_.shape.size()) return write_next();
    out_ += '[';
    for (int64_t i = 0; i < tensor_.shape[depth]; ++i) {
      if (i > 0) out_ += ',';
      write(depth + 1);
    }
    out_ += ']';
  }

 private:
  void write_next() {
    const size_t at = next_++;
    std::visit([&](const auto& values) { write_value(values[at]); }, tensor_.values);
  }

  template <typename Value>
  void write_value(const Value& value) {
    write_json_value(out_, tensor_.datatype, value);
  }
  // TensorFlow Serving has texts in Base64 by their output's name.
  void write_value(const std::string& value) {
    if (!is_binary_) return write_json_value(out_, tensor_.datatype, value);
    out_ += fmt::format(R"({{"b64":"{}"}})", encode_base64(value));
  }

  std::string& out_;
  const Tensor& tensor_;
  const bool is_binary_;
  size_t next_ = 0;
};

void write_row(std::string& out, std::span<const Tensor> tensors,
               std::vector<NestedWriter>& writers, size_t depth) {
  if (tensors.size() == 1) return writers.front().write(depth);
  out += '{';
  for (size_t i = 0; i < tensors.size(); ++i) {
    if (i > 0) out += ',';
    write_json_text(out, tensors[i].name);
    out += ':';
    writers[i].write(depth);
  }
  out += '}';
}

std::vector<NestedWriter> writers_of(std::string& out, std::span<const Tensor> tensors) {
  std::vector<NestedWriter> writers;
  writers.reserve(tensors.size());
  for (const Tensor& tensor : tensors)
    writers.emplace_back(out, tensor);
  return writers;
}

}  // namespace

std::string write_outputs(std::span<const Tensor> tensors) {
  std::string out = R"({"outputs":)";
  std::vector<NestedWriter> writers = writers_of(out, tensors);
  write_row(out, tensors, writers, 0);
  return out += '}';
}

std::string write_predictions(std::span<const Tensor> tensors) {
  const int64_t rows = tensors.empty() ? 0 : tensors.front().rows();
  for (const Tensor& tensor : tensors) {
    if (!tensor.shape.empty() && tensor.rows() == rows) continue;
    throw BadRequest("the outputs have no common rows: ask by \"inputs\", not by \"instances\"");
  }
  std::string out = R"({"predictions":[)";
  std::vector<NestedWriter> writers = writers_of(out, tensors);
  for (int64_t row = 0; row < rows; ++row) {
    if (row > 0) out += ',';
    write_row(out, tensors, writers, 1);
  }
  return out += "]}";
}

}  // namespace perigee
