#include "engine/protobuf/wire_writer.h"

#include <array>

namespace perigee::protobuf {
namespace {

constexpr size_t kMaxVarint = 10;

size_t put_varint(char* at, uint64_t value) {
  size_t size = 0;
  for (; value >= 0x80; value >>= 7)
    at[size++] = static_cast<char>(value | 0x80);
  at[size++] = static_cast<char>(value);
  return size;
}

}  // namespace

void WireWriter::long_varint(uint64_t value) {
  std::array<char, kMaxVarint> bytes;
  out_.append(bytes.data(), put_varint(bytes.data(), value));
}

void WireWriter::end(Open open) {
  std::array<char, kMaxVarint> length;
  const size_t size = put_varint(length.data(), out_.size() - open.content_at);
  out_.replace(open.length_at, open.content_at - open.length_at, length.data(), size);
}

}  // namespace perigee::protobuf
