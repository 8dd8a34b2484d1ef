#include "engine/protobuf/wire_reader.h"

#include <array>
#include <limits>

namespace perigee::protobuf {
namespace {

// Groups within groups that are skipped.
constexpr size_t kMaxGroups = 100;

struct Tag {
  uint32_t field;
  WireType type;
};

Tag take_tag(WireCursor& cursor) {
  const uint64_t tag = cursor.varint();
  const uint64_t type = tag & 7;
  if (tag >> 3 == 0 || tag > std::numeric_limits<uint32_t>::max() || type > 5) {
    cursor.fail(WireFault::kBadTag);
  }
  return {static_cast<uint32_t>(tag >> 3), static_cast<WireType>(type)};
}

void skip_value(WireCursor& cursor, WireType type) {
  if (type == WireType::kVarint) {
    cursor.varint();
  } else if (type == WireType::kFixed64) {
    cursor.fixed64();
  } else if (type == WireType::kFixed32) {
    cursor.fixed32();
  } else {
    cursor.bytes();
  }
}

// Where the content of a group ends, whose start tag has been read; its end tag is read, too.
const char* skip_group(WireCursor& cursor, uint32_t field) {
  std::array<uint32_t, kMaxGroups> open{field};
  size_t depth = 1;
  while (!cursor.failed()) {
    const char* const before = cursor.position();
    if (cursor.done()) cursor.fail(WireFault::kTruncated);
    const Tag tag = take_tag(cursor);
    if (tag.type == WireType::kGroupEnd) {
      if (tag.field != open[depth - 1]) cursor.fail(WireFault::kBadGroup);
      if (--depth == 0) return before;
    } else if (tag.type != WireType::kGroupStart) {
      skip_value(cursor, tag.type);
    } else if (depth == open.size()) {
      cursor.fail(WireFault::kTooDeep);
    } else {
      open[depth++] = tag.field;
    }
  }
  return cursor.position();
}

}  // namespace

std::string_view describe(WireFault fault) {
  constexpr std::array<std::string_view, 7> kTexts{"nothing",
                                                   "truncated",
                                                   "a varint of more than 64 bits",
                                                   "a tag that does not exist",
                                                   "a field with another wire type",
                                                   "a group that does not end as it begins",
                                                   "nested too deeply"};
  return kTexts[static_cast<size_t>(fault)];
}

uint64_t WireCursor::long_varint() {
  uint64_t value = 0;
  for (int shift = 0; shift < 70; shift += 7) {
    if (at_ == end_) return fail(WireFault::kTruncated), 0;
    const auto byte = static_cast<uint8_t>(*at_++);
    if (shift == 63 && byte > 1) break;
    value |= uint64_t{byte & 0x7fU} << shift;
    if ((byte & 0x80) == 0) return value;
  }
  fail(WireFault::kLongVarint);
  return 0;
}

bool WireReader::read_tag() {
  const Tag tag = take_tag(cursor_);
  field_ = tag.field;
  type_ = tag.type;
  if (type_ == WireType::kGroupEnd) cursor_.fail(WireFault::kBadGroup);
  unread_ = !cursor_.failed();
  return unread_;
}

std::string_view WireReader::group() {
  if (!expect(WireType::kGroupStart)) return {};
  const char* const begin = cursor_.position();
  const char* const end = skip_group(cursor_, field_);
  return cursor_.failed() ? std::string_view()
                          : std::string_view(begin, static_cast<size_t>(end - begin));
}

void WireReader::skip() {
  unread_ = false;
  if (type_ == WireType::kGroupStart) {
    skip_group(cursor_, field_);
  } else {
    skip_value(cursor_, type_);
  }
}

}  // namespace perigee::protobuf
