#include "engine/protobuf/descriptors/any_types.h"

#include <vector>

#include <fmt/format.h>
#include <google/protobuf/dynamic_message.h>
#include <google/protobuf/stubs/status.h>
#include <google/protobuf/type.pb.h>
#include <google/protobuf/util/type_resolver_util.h>
#include <google/protobuf/wrappers.pb.h>

namespace perigee::protobuf {
namespace {

namespace pb = google::protobuf;

constexpr const char* kHost = "type.googleapis.com";

std::string name_of(const std::string& url) {
  return url.substr(url.rfind('/') + 1);  // npos + 1 is 0
}

std::string own_url(const std::string& name) {
  return fmt::format("{}/{}", kHost, name);
}

}  // namespace

AnyTypes::AnyTypes(const pb::DescriptorPool& pool, Unknown unknown)
    : pool_(pool),
      unknown_(unknown),
      own_(pb::util::NewTypeResolverForDescriptorPool(kHost, &pool)),
      built_in_(pb::util::NewTypeResolverForDescriptorPool(
          kHost, pb::BytesValue::descriptor()->file()->pool())) {}

const pb::Descriptor* AnyTypes::find(const std::string& url) const {
  const std::string name = name_of(url);
  const pb::Descriptor* const own = pool_.FindMessageTypeByName(name);
  return own != nullptr ? own : pb::DescriptorPool::generated_pool()->FindMessageTypeByName(name);
}

pb::util::Status AnyTypes::ResolveMessageType(const std::string& url, pb::Type* type) {
  const pb::Descriptor* const known = find(url);
  if (known == nullptr && unknown_ == Unknown::kError) {
    return pb::util::NotFoundError(
        fmt::format("there is no message {} in the schema", name_of(url)));
  }
  if (known == nullptr) {
    return built_in_->ResolveMessageType(own_url("google.protobuf.BytesValue"), type);
  }
  pb::util::TypeResolver& resolver = known->file()->pool() == &pool_ ? *own_ : *built_in_;
  return resolver.ResolveMessageType(own_url(known->full_name()), type);
}

pb::util::Status AnyTypes::ResolveEnumType(const std::string& url, pb::Enum* type) {
  const std::string own = own_url(name_of(url));
  const pb::util::Status status = own_->ResolveEnumType(own, type);
  return status.ok() ? status : built_in_->ResolveEnumType(own, type);
}

namespace {

void wrap_unknown_content(pb::Message& any, const AnyTypes& types) {
  const pb::Reflection& reflection = *any.GetReflection();
  const pb::FieldDescriptor* const url = any.GetDescriptor()->FindFieldByNumber(1);
  const pb::FieldDescriptor* const content = any.GetDescriptor()->FindFieldByNumber(2);
  const std::string bytes = reflection.GetString(any, content);
  const pb::Descriptor* const type = types.find(reflection.GetString(any, url));
  if (type == nullptr) {
    pb::BytesValue value;
    value.set_value(bytes);
    return reflection.SetString(&any, content, value.SerializeAsString());
  }
  pb::DynamicMessageFactory factory;
  const std::unique_ptr<pb::Message> inner(factory.GetPrototype(type)->New());
  if (!inner->ParsePartialFromString(bytes)) return;  // whoever writes it will see that
  wrap_unknown(*inner, types);
  reflection.SetString(&any, content, inner->SerializePartialAsString());
}

}  // namespace

void wrap_unknown(pb::Message& message, const AnyTypes& types) {
  if (message.GetDescriptor()->full_name() == "google.protobuf.Any") {
    return wrap_unknown_content(message, types);
  }
  const pb::Reflection& reflection = *message.GetReflection();
  std::vector<const pb::FieldDescriptor*> fields;
  reflection.ListFields(message, &fields);
  for (const pb::FieldDescriptor* field : fields) {
    if (field->cpp_type() != pb::FieldDescriptor::CPPTYPE_MESSAGE) continue;
    if (!field->is_repeated()) {
      wrap_unknown(*reflection.MutableMessage(&message, field), types);
      continue;
    }
    for (int i = 0; i < reflection.FieldSize(message, field); ++i)
      wrap_unknown(*reflection.MutableRepeatedMessage(&message, field, i), types);
  }
}

}  // namespace perigee::protobuf
