#include "target/input_tensor.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "engine/base/limits.h"
#include "target/bad_request.h"
#include "target/inference/raw_values.h"

namespace perigee {
namespace {

using nlohmann::json;

// A value takes at least one byte of a request.
constexpr auto kMostValues = static_cast<int64_t>(limits::kRequestBody);
constexpr size_t kDeepestNesting = 32;

// What a message says about one input.
class Fault {
 public:
  explicit Fault(std::string input) : input_(std::move(input)) {}
  template <typename... Args>
  [[noreturn]] void raise(fmt::format_string<Args...> format, Args&&... args) const {
    throw BadRequest(input_ + fmt::format(format, std::forward<Args>(args)...));
  }

 private:
  std::string input_;
};

// Enough of a value to recognise it by.
std::string shown(const json& value) {
  constexpr size_t kLongest = 60;
  std::string text = value.dump();
  if (text.size() > kLongest) text.replace(kLongest, std::string::npos, "...");
  return text;
}

std::string read_name(const json& entry, size_t position, bool nameless) {
  if (!entry.is_object()) throw BadRequest(fmt::format("input {} is not an object", position));
  const auto name = entry.find("name");
  if (name != entry.end() && name->is_string()) return name->get<std::string>();
  if (name == entry.end() && nameless) return {};
  throw BadRequest(fmt::format("input {} has no \"name\"", position));
}

Datatype read_datatype(const json& entry, const Fault& fault) {
  const auto datatype = entry.find("datatype");
  if (datatype == entry.end()) fault.raise(" has no \"datatype\"");
  if (datatype->is_string()) {
    if (const auto known = parse_datatype(datatype->get_ref<const std::string&>())) return *known;
  }
  fault.raise(": {} is not a datatype; one of {} is", shown(*datatype),
              fmt::join(datatype_names(), ", "));
}

// Checks that a size is one and that the product so far stays within what a request can hold.
int64_t read_size(const json& size, int64_t product, const Fault& fault) {
  if (!size.is_number_integer() || size < 0) {
    fault.raise(": {} is not a size; \"shape\" is a list of whole numbers", shown(size));
  }
  const bool fits = size <= kMostValues && size.get<int64_t>() * product <= kMostValues;
  if (!fits) fault.raise(" is larger than any request may be");
  return size.get<int64_t>();
}

Shape read_shape(const json& entry, const Fault& fault) {
  const auto shape = entry.find("shape");
  if (shape == entry.end()) fault.raise(" has no \"shape\"");
  if (!shape->is_array()) fault.raise(": \"shape\" is not a list");
  Shape sizes;
  int64_t product = 1;
  for (const json& size : *shape) {
    sizes.push_back(read_size(size, product, fault));
    product *= sizes.back();
  }
  return sizes;
}

// Takes the values of one tensor out of its nested lists, into a vector of their kind.
class Values {
 public:
  Values(Datatype datatype, const Fault& fault) : datatype_(datatype), fault_(fault) {}

  template <typename T>
  std::vector<T> read(const json& list, size_t expected) {
    std::vector<T> values;
    values.reserve(expected);
    append(list, values, 0);
    return values;
  }

 private:
  template <typename T>
  void append(const json& list, std::vector<T>& values, size_t depth) {
    if (depth == kDeepestNesting) fault_.raise(": \"data\" is nested too deeply");
    for (const json& value : list) {
      if (value.is_array()) {
        append(value, values, depth + 1);
      } else {
        take(value, values);
      }
    }
  }

  void take(const json& value, Reals& values) {
    if (value.is_null()) {
      // JSON has no not-a-number; servers and clients of the protocol write null for it.
      values.push_back(std::numeric_limits<double>::quiet_NaN());
      return;
    }
    if (!value.is_number()) refuse(value, values.size(), "a number");
    const double number = to_datatype(datatype_, value.get<double>());
    if (std::isinf(number)) too_large(value, values.size());
    values.push_back(number);
  }

  void take(const json& value, Integers& values) {
    if (value.is_boolean() && datatype_ == Datatype::kBool) {
      values.push_back(value.get<bool>() ? 1 : 0);
    } else if (!value.is_number_integer()) {
      refuse(value, values.size(),
             datatype_ == Datatype::kBool ? "true or false" : "a whole number");
    } else {
      const bool fits = value.is_number_unsigned() ? holds(datatype_, value.get<uint64_t>())
                                                   : holds(datatype_, value.get<int64_t>());
      if (!fits) too_large(value, values.size());
      values.push_back(value.get<int64_t>());
    }
  }

  void take(const json& value, Texts& values) {
    if (!value.is_string()) refuse(value, values.size(), "a string");
    values.push_back(value.get<std::string>());
  }

  [[noreturn]] void refuse(const json& value, size_t index, const char* wanted) const {
    fault_.raise(": value {} of \"data\" is {}, not {}", index, shown(value), wanted);
  }
  [[noreturn]] void too_large(const json& value, size_t index) const {
    fault_.raise(": value {} of \"data\" is {}, outside the range of {}", index, shown(value),
                 datatype_name(datatype_));
  }

  Datatype datatype_;
  const Fault& fault_;
};

size_t volume(const Shape& shape) {
  int64_t product = 1;
  for (const int64_t size : shape)
    product *= size;
  return static_cast<size_t>(product);
}

// The parameter that says how many bytes behind the JSON are this input's; null if it has none.
const json* binary_size(const json& entry) {
  const auto parameters = entry.find("parameters");
  if (parameters == entry.end() || !parameters->is_object()) return nullptr;
  const auto size = parameters->find("binary_data_size");
  return size == parameters->end() ? nullptr : &*size;
}

void read_binary(const json& size, BinaryData& binary, Tensor& tensor, const Fault& fault) {
  if (!size.is_number_unsigned()) {
    fault.raise(": \"binary_data_size\" is {}, not a number of bytes", shown(size));
  }
  if (!binary.is_known()) {
    fault.raise(
        " has a \"binary_data_size\", but the request has no {}: what says where its JSON "
        "ends and the bytes begin",
        kJsonLengthField);
  }
  const auto bytes = binary.take(size.get<size_t>());
  if (!bytes) {
    fault.raise(": \"binary_data_size\" is {}, but the body has only {} bytes left for it",
                shown(size), binary.left());
  }
  read_raw_values(*bytes, tensor, "binary data");
}

void read_data(const json& entry, Tensor& tensor, const Fault& fault) {
  const auto data = entry.find("data");
  if (data == entry.end()) fault.raise(" has no \"data\"");
  if (!data->is_array()) fault.raise(": \"data\" is not a list");
  const size_t expected = volume(tensor.shape);
  Values values(tensor.datatype, fault);
  // An honest request lists what its shape promises; a promise alone must not reserve memory.
  const size_t reserve = std::min(expected, std::max<size_t>(data->size(), 4096));
  if (is_real(tensor.datatype)) {
    tensor.values = values.read<double>(*data, reserve);
  } else if (tensor.datatype == Datatype::kBytes) {
    tensor.values = values.read<std::string>(*data, reserve);
  } else {
    tensor.values = values.read<int64_t>(*data, reserve);
  }
  const size_t size = std::visit([](const auto& list) { return list.size(); }, tensor.values);
  if (size == expected) return;
  fault.raise(" has {} {} in \"data\"; its shape {} holds {}", size, size == 1 ? "value" : "values",
              shape_text(tensor.shape), expected);
}

}  // namespace

Tensor read_input_tensor(const json& entry, size_t position, bool nameless, BinaryData& binary) {
  Tensor tensor;
  tensor.name = read_name(entry, position, nameless);
  const Fault fault(tensor.name.empty() ? fmt::format("input {}", position)
                                        : fmt::format("input \"{}\"", tensor.name));
  tensor.datatype = read_datatype(entry, fault);
  tensor.shape = read_shape(entry, fault);
  const json* size = binary_size(entry);
  if (size == nullptr) {
    read_data(entry, tensor, fault);
  } else if (!entry.contains("data")) {
    read_binary(*size, binary, tensor, fault);
  } else {
    fault.raise(" has both \"data\" and \"binary_data_size\"; send one");
  }
  return tensor;
}

std::string shape_text(const Shape& shape) {
  return fmt::format("[{}]", fmt::join(shape, ","));
}

}  // namespace perigee
