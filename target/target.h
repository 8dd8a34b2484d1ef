// The built-in target: an inference server with an independent count of what arrives.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "target/target_worker.h"

namespace perigee {

struct TargetOptions {
  std::string address = "127.0.0.1";
  uint16_t port = 9000;  // 0 picks a free one
  size_t workers = 1;
  BehaviourOptions behaviour;
  CompletionOptions completion;
  Duration load_time{};
  std::optional<KafkaOptions> kafka;  // a broker in the target itself
  SchedulerOptions scheduler;         // loads models in the same time
  // The types that are loaded from the start; all of them if not given.
  std::optional<std::vector<std::string>> models;
  size_t max_arrivals = 100'000;  // instants each worker keeps
  // A certificate and its key, with which the port speaks TLS beside clear text; empty: it doesn't.
  TlsPem tls_certificate{.text = {}, .where = "--tls-cert"};
  TlsPem tls_key{.text = {}, .where = "--tls-key"};
};

// Serves on threads of its own from construction to destruction.
class Target {
 public:
  // Throws ConfigError for options that make no sense and std::runtime_error if it can't listen.
  Target(const TargetOptions& options, Log& log);
  ~Target();
  Target(const Target&) = delete;
  Target& operator=(const Target&) = delete;

  bool speaks_tls() const { return tls_ != nullptr; }
  // Where it listens, with the real port.
  const Address& address() const { return workers_.front()->address(); }
  // The broker of --kafka; null without it.
  const EmbeddedKafka* kafka() const { return workers_.front()->kafka(); }
  TargetStats& stats() { return stats_; }

 private:
  void make_workers(const TargetOptions& options, const Address& address, Log& log);

  InferenceRepository repository_;
  SharedScheduler scheduler_;
  TargetStats stats_;
  std::unique_ptr<TlsServerContext> tls_;
  std::vector<std::unique_ptr<TargetWorker>> workers_;
  std::vector<std::thread> threads_;
};

}  // namespace perigee
