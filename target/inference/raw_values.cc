#include "target/inference/raw_values.h"

#include <numeric>

#include <fmt/format.h>

#include "engine/base/limits.h"
#include "engine/tensor/stored_value.h"
#include "engine/tensor/text_list.h"
#include "target/bad_request.h"
#include "target/input_tensor.h"

namespace perigee {
namespace {

std::string label(const Tensor& tensor) {
  return tensor.name.empty() ? "an input without a name" : fmt::format("input \"{}\"", tensor.name);
}

template <typename Stored>
void read_values(std::string_view bytes, Tensor& tensor, size_t count) {
  const char* at = bytes.data();
  if constexpr (kIsReal<Stored>) {
    for (double& value : tensor.values.emplace<Reals>(count))
      value = real_of(load<Stored>(at));
  } else {
    for (int64_t& value : tensor.values.emplace<Integers>(count))
      value = static_cast<int64_t>(load<Stored>(at));
  }
}

template <typename Stored>
void append_values(std::string& out, const Tensor& tensor) {
  const size_t begin = out.size();
  out.resize(begin + raw_size(tensor));
  char* at = out.data() + begin;
  if constexpr (kIsReal<Stored>) {
    for (const double value : tensor.reals())
      store(at, stored_real<Stored>(value));
  } else {
    for (const int64_t value : tensor.integers())
      store(at, static_cast<Stored>(value));
  }
}

Texts read_texts(std::string_view bytes, const Tensor& tensor, size_t count,
                 std::string_view what) {
  Texts texts;
  texts.reserve(std::min(count, bytes.size() / kTextLengthSize));
  TextReader reader(bytes);
  while (texts.size() < count) {
    const auto text = reader.next();
    if (!text) break;
    texts.emplace_back(*text);
  }
  if (texts.size() == count && reader.left() == 0) return texts;
  throw BadRequest(fmt::format("{}: its {} are not {} texts with four bytes of length before each",
                               label(tensor), what, count));
}

}  // namespace

size_t value_count(const Tensor& tensor) {
  size_t count = 1;
  for (const int64_t size : tensor.shape) {
    if (size < 0) {
      throw BadRequest(fmt::format("{}: {} is not a size", label(tensor), size));
    }
    if (__builtin_mul_overflow(count, static_cast<size_t>(size), &count) ||
        count > limits::kRequestBody) {
      throw BadRequest(fmt::format("{} is larger than any request may be", label(tensor)));
    }
  }
  return count;
}

void read_raw_values(std::string_view bytes, Tensor& tensor, std::string_view what) {
  const size_t count = value_count(tensor);
  if (tensor.datatype == Datatype::kBytes) {
    tensor.values = read_texts(bytes, tensor, count, what);
    return;
  }
  const size_t expected = count * value_size(tensor.datatype);
  if (bytes.size() != expected) {
    throw BadRequest(fmt::format("{} has {} bytes of {}; its shape {} of {} holds {}",
                                 label(tensor), bytes.size(), what, shape_text(tensor.shape),
                                 datatype_name(tensor.datatype), expected));
  }
  with_stored(tensor.datatype,
              [&]<typename Stored>(Stored) { read_values<Stored>(bytes, tensor, count); });
  if (tensor.datatype == Datatype::kBool) {
    for (int64_t& value : std::get<Integers>(tensor.values))
      value = value != 0 ? 1 : 0;
  }
}

size_t raw_size(const Tensor& tensor) {
  if (tensor.datatype != Datatype::kBytes) {
    return std::visit([](const auto& values) { return values.size(); }, tensor.values) *
           value_size(tensor.datatype);
  }
  const auto add = [](size_t sum, const std::string& text) {
    return sum + kTextLengthSize + text.size();
  };
  return std::accumulate(tensor.texts().begin(), tensor.texts().end(), size_t{0}, add);
}

void append_raw_values(std::string& out, const Tensor& tensor) {
  if (tensor.datatype != Datatype::kBytes) {
    return with_stored(tensor.datatype,
                       [&]<typename Stored>(Stored) { append_values<Stored>(out, tensor); });
  }
  for (const std::string& text : tensor.texts())
    append_text(out, text);
}

}  // namespace perigee
