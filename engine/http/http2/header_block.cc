#include "engine/http/http2/header_block.h"

#include <utility>

namespace perigee::http2 {
namespace {

// The table has 4096 bytes at most: a larger entry empties it.
constexpr size_t kTableSize = 4096;
// A block is split where it has grown to this.
constexpr size_t kPiece = 8 * 1024;

// One field, or another instruction, of a block.
struct Instruction {
  std::string_view bytes{};
  bool enters_table = false;
  bool too_large = false;  // its name or its value is
};

// Reads from the front of a block; nothing where it is malformed.
class BlockReader {
 public:
  explicit BlockReader(std::string_view block) : rest_(block) {}

  bool at_end() const { return rest_.empty(); }

  std::optional<Instruction> next() {
    const std::string_view start = rest_;
    const auto first = static_cast<unsigned char>(rest_.front());
    const bool indexed = (first & 0x80) != 0;
    const bool enters_table = !indexed && (first & 0x40) != 0;
    const bool resizes_table = !indexed && !enters_table && (first & 0x20) != 0;
    const auto number = read_number(indexed ? 7 : enters_table ? 6 : resizes_table ? 5 : 4);
    if (!number) return std::nullopt;
    Instruction instruction{.enters_table = enters_table};
    if (!indexed && !resizes_table) {
      if (*number == 0 && !skip_string(instruction)) return std::nullopt;
      if (!skip_string(instruction)) return std::nullopt;
    }
    instruction.bytes = start.substr(0, start.size() - rest_.size());
    return instruction;
  }

 private:
  // RFC 7541, 5.1; bounded, as no length here is.
  std::optional<uint64_t> read_number(unsigned prefix_bits) {
    if (rest_.empty()) return std::nullopt;
    const unsigned mask = (1U << prefix_bits) - 1;
    uint64_t number = take() & mask;
    if (number < mask) return number;
    for (unsigned shift = 0; shift < 32; shift += 7) {
      if (rest_.empty()) return std::nullopt;
      const unsigned byte = take();
      number += static_cast<uint64_t>(byte & 0x7f) << shift;
      if ((byte & 0x80) == 0) return number;
    }
    return std::nullopt;
  }

  bool skip_string(Instruction& instruction) {
    constexpr unsigned kLengthBits = 7;
    const auto length = read_number(kLengthBits);
    if (!length || *length > rest_.size()) return false;
    instruction.too_large = instruction.too_large || *length > kMaxString;
    rest_.remove_prefix(*length);
    return true;
  }

  unsigned take() {
    const auto byte = static_cast<unsigned char>(rest_.front());
    rest_.remove_prefix(1);
    return byte;
  }

  std::string_view rest_;
};

// A field that enters the table and is too large for it.
std::string field_that_empties_table() {
  std::string field = "\x40\x01x";
  field += "\x7f\x81\x1f";  // 4096, in seven bits and two times seven
  return field.append(kTableSize, 'x');
}

}  // namespace

std::optional<bool> fits_nghttp2(std::string_view block) {
  bool fits = block.size() <= limits::kHttp2HeaderBlock;
  for (BlockReader reader(block); !reader.at_end();) {
    const auto instruction = reader.next();
    if (!instruction) return std::nullopt;
    fits = fits && !instruction->too_large;
  }
  return fits;
}

std::vector<std::string> split_header_block(std::string_view block) {
  std::vector<std::string> pieces(1);
  for (BlockReader reader(block); !reader.at_end();) {
    const auto instruction = reader.next();
    if (!instruction) break;
    if (pieces.back().size() >= kPiece) pieces.emplace_back();
    if (!instruction->too_large) {
      pieces.back().append(instruction->bytes);
    } else if (instruction->enters_table) {
      pieces.back().append(field_that_empties_table());
    }
  }
  return pieces;
}

}  // namespace perigee::http2
