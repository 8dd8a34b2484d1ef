#include "target/target.h"

#include <fmt/format.h>

#include "engine/base/config_error.h"

namespace perigee {
namespace {

const ModelType& known_type(const std::string& name) {
  if (const ModelType* type = find_model_type(name)) return *type;
  throw ConfigError(unknown_model_type(name));
}

void add_models(const TargetOptions& options, InferenceRepository& repository) {
  if (options.models) {
    for (const std::string& name : *options.models)
      repository.add(known_type(name));
    return;
  }
  for (const ModelType& type : model_types())
    repository.add(type);
}

SchedulerOptions scheduler_options(const TargetOptions& options) {
  SchedulerOptions scheduler = options.scheduler;
  scheduler.load_time = options.load_time;
  return scheduler;
}

Address parse_address(const TargetOptions& options) {
  const auto address = Address::parse(options.address, options.port);
  if (!address) throw ConfigError(fmt::format("\"{}\" is not an IP address", options.address));
  return *address;
}

std::unique_ptr<TlsServerContext> make_tls(const TargetOptions& options) {
  const bool certificate = !options.tls_certificate.text.empty();
  if (certificate != !options.tls_key.text.empty()) {
    throw ConfigError("TLS needs both --tls-cert and --tls-key");
  }
  if (!certificate) return nullptr;
  return std::make_unique<TlsServerContext>(TlsServerOptions{.certificate = options.tls_certificate,
                                                             .key = options.tls_key,
                                                             .protocols = {"h2", "http/1.1"}});
}

// Several workers share a port, which would also let them share one that another program shares:
// so that a port in use is noticed, it is taken alone first.
Address claim(const Address& address) {
  Loop loop;
  return Listener(loop, address, false, [] {}).address();
}

}  // namespace

Target::Target(const TargetOptions& options, Log& log)
    : repository_(options.load_time),
      scheduler_(scheduler_options(options), repository_),
      stats_(options.workers, options.max_arrivals),
      tls_(make_tls(options)) {
  if (options.workers == 0) throw ConfigError("a target needs at least one worker");
  add_models(options, repository_);
  make_workers(options, parse_address(options), log);
  for (const auto& worker : workers_) {
    threads_.emplace_back([&worker = *worker] { worker.run(); });
  }
}

Target::~Target() {
  for (const auto& worker : workers_)
    worker->stop();
  for (std::thread& thread : threads_)
    thread.join();
}

void Target::make_workers(const TargetOptions& options, const Address& address, Log& log) {
  const bool shared = options.workers > 1;
  TargetWorker::Options worker{
      .server = {.address = shared ? claim(address) : address, .shared = shared, .tls = tls_.get()},
      .index = 0,
      .behaviour = options.behaviour,
      .completion = options.completion,
      .start = MonotonicClock().now(),
      .kafka = {}};
  for (; worker.index < options.workers; ++worker.index) {
    worker.kafka = worker.index == 0 ? options.kafka : std::nullopt;
    workers_.push_back(
        std::make_unique<TargetWorker>(worker, repository_, scheduler_, stats_, log));
  }
}

}  // namespace perigee
