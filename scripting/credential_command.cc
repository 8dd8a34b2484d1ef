#include "scripting/credential_command.h"

#include <cerrno>
#include <csignal>
#include <cstring>
#include <stdexcept>
#include <string_view>

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

namespace perigee {
namespace {

constexpr size_t kLongestOutput = 1U << 20U;

class Pipe {
 public:
  Pipe() {
    if (pipe2(ends_, O_CLOEXEC) != 0) throw std::runtime_error(std::strerror(errno));
  }
  ~Pipe() {
    close(ends_[0]);
    close_writing();
  }
  Pipe(const Pipe&) = delete;
  Pipe& operator=(const Pipe&) = delete;

  int reading() const { return ends_[0]; }
  int writing() const { return ends_[1]; }
  void close_writing() {
    if (ends_[1] >= 0) close(ends_[1]);
    ends_[1] = -1;
  }

 private:
  int ends_[2] = {-1, -1};
};

std::vector<std::string> environment_of(const CredentialCommand& command) {
  std::vector<std::string> variables;
  for (const auto& [name, value] : command.environment)
    variables.push_back(fmt::format("{}={}", name, value));
  for (char** entry = environ; *entry != nullptr; ++entry) {
    const std::string_view variable = *entry;
    const std::string_view name = variable.substr(0, variable.find('='));
    bool replaced = false;
    for (const auto& [own, value] : command.environment)
      replaced = replaced || own == name;
    if (!replaced) variables.emplace_back(variable);
  }
  return variables;
}

std::vector<char*> pointers(std::vector<std::string>& texts) {
  std::vector<char*> list;
  for (std::string& text : texts)
    list.push_back(text.data());
  list.push_back(nullptr);
  return list;
}

pid_t spawn(const CredentialCommand& command, const Pipe& output) {
  std::vector<std::string> words = command.words;
  std::vector<std::string> variables = environment_of(command);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_adddup2(&actions, output.writing(), STDOUT_FILENO);
  pid_t pid = 0;
  const int error = posix_spawnp(&pid, words.front().c_str(), &actions, nullptr,
                                 pointers(words).data(), pointers(variables).data());
  posix_spawn_file_actions_destroy(&actions);
  if (error != 0) {
    throw std::runtime_error(fmt::format("{}: {}", words.front(), std::strerror(error)));
  }
  return pid;
}

// Whether all of it has come before the time is over, and is not too long.
bool read_all(int descriptor, std::chrono::steady_clock::time_point until, std::string& text) {
  char buffer[4096];
  while (text.size() <= kLongestOutput) {
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(
        until - std::chrono::steady_clock::now());
    pollfd entry{.fd = descriptor, .events = POLLIN, .revents = 0};
    if (left.count() <= 0 || poll(&entry, 1, static_cast<int>(left.count())) == 0) return false;
    const ssize_t size = read(descriptor, buffer, sizeof buffer);
    if (size < 0 && errno == EINTR) continue;
    if (size <= 0) return size == 0;
    text.append(buffer, static_cast<size_t>(size));
  }
  return false;
}

}  // namespace

std::string run_credential_command(const CredentialCommand& command) {
  const auto until = std::chrono::steady_clock::now() + command.limit;
  Pipe output;
  const pid_t pid = spawn(command, output);
  output.close_writing();
  std::string text;
  const bool whole = read_all(output.reading(), until, text);
  if (!whole) kill(pid, SIGKILL);
  int status = 0;
  while (waitpid(pid, &status, 0) < 0 && errno == EINTR) {
  }
  const std::string& program = command.words.front();
  if (!whole) {
    throw std::runtime_error(
        fmt::format("{} did not end within {} s", program, command.limit.count() / 1000));
  }
  if (status != 0) {
    throw std::runtime_error(WIFEXITED(status)
                                 ? fmt::format("{} ended with {}", program, WEXITSTATUS(status))
                                 : fmt::format("{} was killed", program));
  }
  return text;
}

}  // namespace perigee
