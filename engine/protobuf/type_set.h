// All types of a schema, by their full names.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "engine/protobuf/enum_type.h"
#include "engine/protobuf/message_type.h"
#include "engine/protobuf/service_type.h"

namespace perigee::protobuf {

// Types refer to each other by address, so it stays where it is.
class TypeSet {
 public:
  template <typename Type>
  using ByName = std::map<std::string, Type, std::less<>>;

  TypeSet() = default;
  ~TypeSet() = default;
  TypeSet(const TypeSet&) = delete;
  TypeSet& operator=(const TypeSet&) = delete;

  ByName<MessageType> messages;
  ByName<EnumType> enums;
  ByName<ServiceType> services;

  // Null if there is none.
  const MessageType* find_message(std::string_view name) const { return find(messages, name); }
  const EnumType* find_enum(std::string_view name) const { return find(enums, name); }
  const ServiceType* find_service(std::string_view name) const { return find(services, name); }

 private:
  template <typename Type>
  static const Type* find(const ByName<Type>& types, std::string_view name) {
    const auto found = types.find(name);
    return found == types.end() ? nullptr : &found->second;
  }
};

}  // namespace perigee::protobuf
