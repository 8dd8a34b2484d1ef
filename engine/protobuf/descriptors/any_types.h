// The types that an Any may hold, for libprotobuf's JSON. Shows libprotobuf: for engine/protobuf
// alone.
#pragma once

#include <memory>
#include <string>

#include <google/protobuf/descriptor.h>
#include <google/protobuf/message.h>
#include <google/protobuf/util/type_resolver.h>

namespace perigee::protobuf {

// Finds types by what follows the last slash of their URL, wherever it leads: libprotobuf's own
// resolver knows one host only.
class AnyTypes final : public google::protobuf::util::TypeResolver {
 public:
  // What becomes of a type that neither the pool nor libprotobuf itself has.
  enum class Unknown { kError, kBytes };

  // The pool must outlive it.
  AnyTypes(const google::protobuf::DescriptorPool& pool, Unknown unknown);

  google::protobuf::util::Status ResolveMessageType(const std::string& url,
                                                    google::protobuf::Type* type) override;
  google::protobuf::util::Status ResolveEnumType(const std::string& url,
                                                 google::protobuf::Enum* type) override;

  // Null if it is not known.
  const google::protobuf::Descriptor* find(const std::string& url) const;

 private:
  const google::protobuf::DescriptorPool& pool_;
  const Unknown unknown_;
  const std::unique_ptr<google::protobuf::util::TypeResolver> own_;
  const std::unique_ptr<google::protobuf::util::TypeResolver> built_in_;
};

// Makes the content of every Any whose type is unknown, however deep in the message, one of
// BytesValue, which is what `Unknown::kBytes` takes such types for: it is written as base64.
void wrap_unknown(google::protobuf::Message& message, const AnyTypes& types);

}  // namespace perigee::protobuf
