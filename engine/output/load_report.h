// What became of one request or call made again and again: the result of `perigee http` and
// `perigee grpc`.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/metrics/aggregator.h"
#include "engine/metrics/histogram.h"
#include "engine/output/summary.h"

namespace perigee {

// Requests that failed alike.
struct LoadErrorCount {
  std::string text;
  int code = 0;
  uint64_t count = 0;
};

// A part of a request's time, in milliseconds.
struct LoadPhase {
  std::string_view name;  // for people
  std::string_view key;   // as the metric's name ends: "tls_handshaking"
  Histogram times;        // of connecting and of TLS: only those that were made
};

// What a protocol calls things.
struct LoadWords {
  std::string_view requests = "requests";
  std::string_view target = "url";  // as the key in JSON
  std::string_view latency = "of answers";
  std::string_view connections = "connections";  // what all were taken when a request was dropped
  std::string_view unreached = "";               // the status of requests that reached no server
};

struct LoadReport {
  LoadWords words;
  std::string method;
  std::string target;  // a URL without user and password, or an address
  std::string load;    // "64 connections, 10s"
  double seconds = 0;  // what rates are per second of
  uint64_t requests = 0;
  uint64_t failed = 0;       // no answer, or a status of 400 and above
  uint64_t interrupted = 0;  // under way when the run was stopped
  uint64_t dropped = 0;      // due, and not sent because no connection was free
  uint64_t retried = 0;
  double bytes_sent = 0;
  double bytes_received = 0;
  Histogram latency;                  // of answers, in milliseconds, from sending to the last byte
  std::optional<Histogram> from_due;  // of all requests, from when they were due; with a rate
  std::vector<LoadPhase> phases;
  std::map<std::string, uint64_t> statuses;  // answers by status
  std::vector<LoadErrorCount> errors;        // the most frequent one first
  std::vector<SummaryMetric> thresholds;
  std::vector<std::string> warnings;

  // Whether there was an answer at all, of whatever status.
  bool answered() const { return statuses.size() > statuses.count(std::string(words.unreached)); }
};

// These take what the report is about from the run's end. Method, target and load are for the
// caller.
LoadReport make_http_report(const Aggregator& aggregator, const Summary& summary);
// Of unary calls, or of streams from their start to their end.
LoadReport make_grpc_report(const Aggregator& aggregator, const Summary& summary);

}  // namespace perigee
