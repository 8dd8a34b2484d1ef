#include "target/grpc/raw_values.h"

#include <cstring>
#include <numeric>

#include <fmt/format.h>

#include "engine/base/limits.h"
#include "target/bad_request.h"
#include "target/datatype_bits.h"
#include "target/input_tensor.h"

namespace perigee {
namespace {

constexpr size_t kTextLength = 4;

size_t size_of(Datatype datatype) {
  switch (datatype) {
    case Datatype::kBool:
    case Datatype::kInt8:
    case Datatype::kUint8:
      return 1;
    case Datatype::kInt16:
    case Datatype::kUint16:
    case Datatype::kFp16:
    case Datatype::kBf16:
      return 2;
    case Datatype::kInt32:
    case Datatype::kUint32:
    case Datatype::kFp32:
      return 4;
    default:
      return 8;
  }
}

// Calls `visit` with a value of the C++ type in which the datatype lies.
template <typename Visit>
void with_type(Datatype datatype, Visit visit) {
  switch (datatype) {
    case Datatype::kBool:
    case Datatype::kUint8:
      return visit(uint8_t{});
    case Datatype::kUint16:
      return visit(uint16_t{});
    case Datatype::kUint32:
      return visit(uint32_t{});
    case Datatype::kInt8:
      return visit(int8_t{});
    case Datatype::kInt16:
      return visit(int16_t{});
    case Datatype::kInt32:
      return visit(int32_t{});
    default:
      return visit(int64_t{});
  }
}

template <typename Stored, typename List, typename Convert>
void read_numbers(std::string_view bytes, List& values, Convert convert) {
  const char* at = bytes.data();
  for (auto& value : values) {
    Stored stored;
    std::memcpy(&stored, at, sizeof stored);
    at += sizeof stored;
    value = convert(stored);
  }
}

template <typename Stored, typename List, typename Convert>
void append_numbers(std::string& out, const List& values, Convert convert) {
  const size_t begin = out.size();
  out.resize(begin + values.size() * sizeof(Stored));
  char* at = out.data() + begin;
  for (const auto value : values) {
    const Stored stored = convert(value);
    std::memcpy(at, &stored, sizeof stored);
    at += sizeof stored;
  }
}

void read_reals(std::string_view bytes, Datatype datatype, Reals& values) {
  switch (datatype) {
    case Datatype::kFp16:
      return read_numbers<uint16_t>(bytes, values, from_fp16);
    case Datatype::kBf16:
      return read_numbers<uint16_t>(bytes, values, from_bf16);
    case Datatype::kFp32:
      return read_numbers<float>(bytes, values, [](float value) { return double{value}; });
    default:
      return read_numbers<double>(bytes, values, [](double value) { return value; });
  }
}

void append_reals(std::string& out, Datatype datatype, const Reals& values) {
  const auto rounded = [datatype](double value) { return to_datatype(datatype, value); };
  switch (datatype) {
    case Datatype::kFp16:
      return append_numbers<uint16_t>(out, values, [&](double v) { return fp16_bits(rounded(v)); });
    case Datatype::kBf16:
      return append_numbers<uint16_t>(out, values, [&](double v) { return bf16_bits(rounded(v)); });
    case Datatype::kFp32:
      return append_numbers<float>(out, values, [](double v) { return static_cast<float>(v); });
    default:
      return append_numbers<double>(out, values, [](double v) { return v; });
  }
}

Texts read_texts(std::string_view bytes, const Tensor& tensor, size_t count) {
  Texts texts;
  texts.reserve(std::min(count, bytes.size() / kTextLength));
  while (bytes.size() >= kTextLength && texts.size() < count) {
    uint32_t size = 0;
    std::memcpy(&size, bytes.data(), sizeof size);
    bytes.remove_prefix(kTextLength);
    if (size > bytes.size()) break;
    texts.emplace_back(bytes.substr(0, size));
    bytes.remove_prefix(size);
  }
  if (texts.size() == count && bytes.empty()) return texts;
  throw BadRequest(
      fmt::format("input \"{}\": its raw contents are not {} texts with four bytes of length "
                  "before each",
                  tensor.name, count));
}

void append_texts(std::string& out, const Texts& texts) {
  for (const std::string& text : texts) {
    const auto size = static_cast<uint32_t>(text.size());
    out.append(reinterpret_cast<const char*>(&size), sizeof size).append(text);
  }
}

}  // namespace

size_t value_count(const Tensor& tensor) {
  size_t count = 1;
  for (const int64_t size : tensor.shape) {
    if (size < 0) {
      throw BadRequest(fmt::format("input \"{}\": {} is not a size", tensor.name, size));
    }
    if (__builtin_mul_overflow(count, static_cast<size_t>(size), &count) ||
        count > limits::kRequestBody) {
      throw BadRequest(fmt::format("input \"{}\" is larger than any request may be", tensor.name));
    }
  }
  return count;
}

void read_raw_values(std::string_view bytes, Tensor& tensor) {
  const size_t count = value_count(tensor);
  if (tensor.datatype == Datatype::kBytes) {
    tensor.values = read_texts(bytes, tensor, count);
    return;
  }
  if (bytes.size() != count * size_of(tensor.datatype)) {
    throw BadRequest(
        fmt::format("input \"{}\" has {} bytes of raw contents; its shape {} of {} "
                    "holds {}",
                    tensor.name, bytes.size(), shape_text(tensor.shape),
                    datatype_name(tensor.datatype), count * size_of(tensor.datatype)));
  }
  if (is_real(tensor.datatype)) {
    Reals& values = tensor.values.emplace<Reals>(count);
    read_reals(bytes, tensor.datatype, values);
    return;
  }
  Integers& values = tensor.values.emplace<Integers>(count);
  with_type(tensor.datatype, [&]<typename Stored>(Stored) {
    read_numbers<Stored>(bytes, values, [](Stored value) { return static_cast<int64_t>(value); });
  });
  if (tensor.datatype == Datatype::kBool) {
    for (int64_t& value : values)
      value = value != 0 ? 1 : 0;
  }
}

size_t raw_size(const Tensor& tensor) {
  if (tensor.datatype != Datatype::kBytes) {
    return std::visit([](const auto& values) { return values.size(); }, tensor.values) *
           size_of(tensor.datatype);
  }
  const auto add = [](size_t sum, const std::string& text) {
    return sum + kTextLength + text.size();
  };
  return std::accumulate(tensor.texts().begin(), tensor.texts().end(), size_t{0}, add);
}

void append_raw_values(std::string& out, const Tensor& tensor) {
  if (is_real(tensor.datatype)) return append_reals(out, tensor.datatype, tensor.reals());
  if (tensor.datatype == Datatype::kBytes) return append_texts(out, tensor.texts());
  with_type(tensor.datatype, [&]<typename Stored>(Stored) {
    append_numbers<Stored>(out, tensor.integers(),
                           [](int64_t value) { return static_cast<Stored>(value); });
  });
}

}  // namespace perigee
