// What is wrong with .proto files, descriptors, or the name of a type that somebody asks for.
#pragma once

#include <stdexcept>
#include <string>
#include <vector>

namespace perigee::protobuf {

// A line for each mistake: "hello.proto:3:10: \"Nmae\" is not defined."
class SchemaError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

// Where a mistake is, from 1; 0 if that is not known.
struct SourcePosition {
  int line = 0;
  int column = 0;
};

// Gathers the mistakes of one load.
class SchemaErrors {
 public:
  void add(const std::string& file, SourcePosition position, const std::string& message);
  bool empty() const { return lines_.empty(); }
  // Throws SchemaError if there are any.
  void check() const;

 private:
  std::vector<std::string> lines_;
};

}  // namespace perigee::protobuf
