// `perigee serve` as a process of its own, whose counts tests hold against a run's.
#pragma once

#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "tests/support/process.h"

namespace perigee {

class TargetProcess {
 public:
  // Starts it on a free port with further options of `perigee serve`; returns once it listens.
  // Throws std::runtime_error if it doesn't.
  explicit TargetProcess(const std::vector<std::string>& options = {});

  // "http://127.0.0.1:PORT"
  std::string url() const { return "http://" + address_; }
  // The same for TLS, which it speaks if it was started with a certificate.
  std::string secure_url() const { return "https://" + address_; }
  // What the scenarios are told: INFER_HTTP_ENDPOINT and INFER_GRPC_ENDPOINT.
  Process::Options environment() const {
    return {.environment = {{"INFER_HTTP_ENDPOINT", url()}, {"INFER_GRPC_ENDPOINT", address_}}};
  }

  // The body of GET /stats; with `route`, e.g. "/bytes/{n}", the arrivals at that route only.
  // Throws std::runtime_error.
  nlohmann::json stats(const std::string& route = {}) const;
  // Requests it has counted so far.
  uint64_t requests() const { return stats().at("requests").get<uint64_t>(); }

  // The body of the answer to a GET of any path. Throws std::runtime_error unless the status is
  // 200.
  std::string get(const std::string& path) const;

  Process& process() { return process_; }

 private:
  Process process_;
  std::string address_;
};

}  // namespace perigee
