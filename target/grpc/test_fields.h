// The field numbers of perigee.test's messages; see scenarios/protos/perigee/test.proto.
#pragma once

#include <cstdint>

namespace perigee::test_fields {

enum EchoRequest : uint32_t {
  kEchoText = 1,
  kEchoPayload = 2,
  kEchoDelayMs = 3,
  kEchoWithMetadata = 4,
};
enum EchoResponse : uint32_t { kEchoedText = 1, kEchoedPayload = 2, kEchoedMetadata = 3 };
enum MapEntry : uint32_t { kEntryKey = 1, kEntryValue = 2 };
enum FailRequest : uint32_t { kFailCode = 1, kFailMessage = 2, kFailDetails = 3 };
enum CountRequest : uint32_t {
  kCountMessages = 1,
  kCountIntervalMs = 2,
  kCountSize = 3,
  kCountEndless = 4,
  kCountCode = 5,
  kCountMessage = 6,
};
enum CountResponse : uint32_t { kCountedIndex = 1, kCountedSentNs = 2, kCountedPayload = 3 };
enum SumRequest : uint32_t { kSumValue = 1 };
enum SumResponse : uint32_t { kSum = 1, kSumMessages = 2 };
enum BreakRequest : uint32_t { kBreakWay = 1, kBreakMessages = 2, kBreakHttpStatus = 3 };

}  // namespace perigee::test_fields
