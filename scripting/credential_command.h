// Runs a program that prints credentials, as kubeconfigs name them.
#pragma once

#include <chrono>
#include <string>
#include <utility>
#include <vector>

namespace perigee {

struct CredentialCommand {
  std::vector<std::string> words;                                // the program, then its arguments
  std::vector<std::pair<std::string, std::string>> environment;  // beside the program's own
  std::chrono::milliseconds limit{30'000};
};

// What it writes to standard output; to standard error it writes as this program does. The thread
// waits for it. Throws std::runtime_error that says what went wrong.
std::string run_credential_command(const CredentialCommand& command);

}  // namespace perigee
