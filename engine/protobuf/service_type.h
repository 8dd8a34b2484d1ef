// A service of a schema and its methods.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "engine/protobuf/message_type.h"

namespace perigee::protobuf {

struct MethodType {
  std::string service;  // its full name
  std::string name;
  std::string path;  // "/package.Service/Method"
  const MessageType* input = nullptr;
  const MessageType* output = nullptr;
  bool client_streaming = false;
  bool server_streaming = false;
};

struct ServiceType {
  std::string full_name;
  std::vector<MethodType> methods;  // in the order of the .proto

  const MethodType* find(std::string_view method) const {
    for (const MethodType& candidate : methods) {
      if (candidate.name == method) return &candidate;
    }
    return nullptr;
  }
};

}  // namespace perigee::protobuf
