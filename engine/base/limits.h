// Every bound of the engine, by name. Past a bound the engine refuses and counts; it never grows
// without one.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>

namespace perigee::limits {

// What stands for no limit.
inline constexpr size_t kUnlimited = static_cast<size_t>(-1);

// Distinct tag sets a worker keeps; later ones fold into one series that says so.
inline constexpr size_t kTagSets = 10'000;
// Samples waiting for the raw outputs, over all workers; then the load waits.
inline constexpr size_t kRawSamples = 1'000'000;
// Intervals the run's time line keeps; older ones are merged in pairs.
inline constexpr size_t kTimelineIntervals = 128;
// URLs a worker remembers in parsed form; past it all are forgotten and parsed anew.
inline constexpr size_t kInternedUrls = 16'384;
// Sets of expected statuses that a worker's scripts may make.
inline constexpr size_t kExpectedStatuses = 1'000;
// Bytes of a streamed request body that are read at a time, and sent before others have a turn.
inline constexpr size_t kBodyPiece = 64 * 1024;
inline constexpr size_t kBodyTurn = 1024 * 1024;
// Bytes of one body that --http-debug=full writes to the log.
inline constexpr size_t kLoggedBody = 64 * 1024;
// Clients with different settings that a worker's scripts may make.
inline constexpr size_t kHttpClients = 256;
// Asynchronous requests that one VU may have in flight.
inline constexpr size_t kAsyncRequests = 10'000;
// Bytes of one response's status line and headers.
inline constexpr size_t kResponseHead = 256 * 1024;
// Bytes of the same over HTTP/2, packed as they are sent; and of a larger one that are read, so
// that only its stream ends and not the connection.
inline constexpr size_t kHttp2HeaderBlock = 128 * 1024;
inline constexpr size_t kHttp2HeaderBlockRead = 4 * 1024 * 1024;
// Bytes of one response's body that are kept for the script.
inline constexpr size_t kResponseBody = 256 * 1024 * 1024;
// Bytes of one event or line of a streamed answer.
inline constexpr size_t kStreamItem = 16 * 1024 * 1024;
// Bytes of text that are taken out of a compressed stream at a time.
inline constexpr size_t kDecodedPiece = 16 * 1024;
// Bytes of a streamed answer that its script has not read yet; then reading pauses. What is on its
// way by then still comes on top: up to 64 KB, over HTTP/2 a stream's window of 4 MB.
inline constexpr size_t kStreamUnread = 256 * 1024;
// Bytes of one request's head as the built-in target accepts it.
inline constexpr size_t kRequestHead = 64 * 1024;
// Bytes of one request's body as the built-in target accepts it.
inline constexpr size_t kRequestBody = 64 * 1024 * 1024;
// Bytes of one WebSocket message, unpacked, unless the script sets another limit.
inline constexpr size_t kWebSocketMessage = 64 * 1024 * 1024;
// Bytes that came in over one WebSocket and that the script has not taken; then reading pauses.
inline constexpr size_t kWebSocketInbox = 1024 * 1024;
// Bytes that one WebSocket has not sent yet; then sending waits.
inline constexpr size_t kWebSocketUnsent = 1024 * 1024;
// Informational (1xx) responses before the final one.
inline constexpr int kInformationalResponses = 16;
// Host names a worker's DNS cache keeps.
inline constexpr size_t kDnsNames = 4'096;
// Request heads a worker remembers, and the largest of them in bytes.
inline constexpr size_t kCachedHeads = 1'024;
inline constexpr size_t kCachedHead = 2'048;
// Heads of HTTP/2 requests a client remembers as fields.
inline constexpr size_t kHttp2Heads = 64;
// Requests that one HTTP/2 connection carries at a time, if its server allows more.
inline constexpr uint32_t kStreamsPerConnection = 10'000;
// Those that a server is taken to allow before it has said so.
inline constexpr uint32_t kExpectedStreams = 100;
// Times a request is sent again after servers have said that they did not process it, and how many
// of these may be to a server that has processed nothing else over its connection.
inline constexpr uint32_t kResends = 64;
inline constexpr uint32_t kFruitlessResends = 3;
// Cookies one jar keeps; past it the oldest go.
inline constexpr size_t kCookies = 1'024;
// Challenges of digest authentication that one request answers; those after the first must say that
// the nonce was stale.
inline constexpr uint32_t kDigestChallenges = 4;
// Codings that may lie on top of each other in one body.
inline constexpr size_t kContentCodings = 8;
// Idle connections one VU keeps, in all and to one host, unless its options say otherwise.
inline constexpr size_t kIdleConnections = 20;
inline constexpr size_t kIdleConnectionsPerHost = 6;
// Log lines of one kind per second; the rest is counted and told once.
inline constexpr size_t kLogLinesPerKind = 10;
// Different messages of one kind that are known again, and the longest time until the log says how
// often one has come.
inline constexpr size_t kLogRepeats = 100;
inline constexpr std::chrono::seconds kLogRepeatGap{60};
// Kinds of messages that are logged once, so that what scripts name stays bounded.
inline constexpr size_t kLogKindsOnce = 1'000;
// Segments of one test, and the common denominator of their cuts.
inline constexpr size_t kSegments = 1'000;
inline constexpr int64_t kSegmentCycle = 100'000;
// VUs of one worker beyond which the collector's pauses grow past a millisecond.
inline constexpr size_t kVusPerWorkerWarning = 5'000;

// A stream that a script has left open ends by itself within this time, or is cut off.
inline constexpr std::chrono::milliseconds kStreamLinger{100};
// So many requests in a row may reach no server before further ones wait, at most so long each.
inline constexpr uint64_t kRefusals = 100;
inline constexpr std::chrono::seconds kRefusedPause{1};
// A connection attempt gives up after this long, as in k6.
inline constexpr std::chrono::seconds kConnectTimeout{30};
// A WebSocket's peer has this long to answer a close, and then to close the connection.
inline constexpr std::chrono::seconds kWebSocketClose{10};
inline constexpr std::chrono::seconds kWebSocketLinger{1};
// An iteration that has not yielded for this long is stopped.
inline constexpr std::chrono::seconds kNoYield{10};

}  // namespace perigee::limits
