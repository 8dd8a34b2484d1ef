// A program that a test starts, reads, signals and waits for.
#pragma once

#include <chrono>
#include <condition_variable>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include <sys/types.h>

namespace perigee {

// The `perigee` of this build; the environment variable PERIGEE names another one.
std::string perigee_program();

// What a finished program leaves behind.
struct ProcessResult {
  int exit_code = 0;  // 128 + the signal's number for a program that a signal ended
  std::string out;    // everything it wrote to stdout
  std::string err;    // and to stderr
};

// Runs from construction on. Functions that wait do so for `limit` at most and then throw
// std::runtime_error that says what the program has written. To be used from one thread.
class Process {
 public:
  struct Options {
    // Added to this process's own environment; an empty value removes a variable.
    std::map<std::string, std::string> environment{};
    std::string folder{};  // to run in; empty: this process's own
  };
  using Limit = std::chrono::seconds;
  static constexpr Limit kLimit{60};

  // `command`: the program, looked up in PATH, and its arguments. stdin is empty. Throws
  // std::runtime_error if it can't be started.
  Process(const std::vector<std::string>& command, const Options& options);
  explicit Process(const std::vector<std::string>& command) : Process(command, Options()) {}
  // Kills the program if it still runs.
  ~Process();
  Process(const Process&) = delete;
  Process& operator=(const Process&) = delete;

  pid_t pid() const { return pid_; }

  // What it has written so far.
  std::string out() const;
  std::string err() const;

  // Waits for a line of stdout that contains `text` and returns it, without its end.
  std::string wait_for_line(std::string_view text, Limit limit = kLimit);
  // Waits until stderr contains `text`.
  void wait_for_error(std::string_view text, Limit limit = kLimit);
  // Waits for the end of the program. May be called again.
  const ProcessResult& wait(Limit limit = kLimit);

  // Nothing happens if it has ended already.
  void signal(int number) const;

 private:
  // What the program writes to; the text is guarded by the mutex.
  struct Pipe {
    int fd = -1;  // -1 once it is closed
    std::string text;
  };

  void start(const std::vector<std::string>& command, const Options& options);
  void collect();
  void read_all(Pipe& pipe);
  // Waits until `done`, called with the mutex held, says so.
  template <typename Done>
  void wait_until(std::string_view awaited, Limit limit, Done done);

  std::string name_;
  pid_t pid_ = -1;
  int process_fd_ = -1;  // readable once the program has ended
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  Pipe out_;
  Pipe err_;
  std::optional<ProcessResult> result_;
  std::thread collector_;  // reads the pipes and waits for the end
};

// Runs a program to its end.
ProcessResult run_process(const std::vector<std::string>& command,
                          const Process::Options& options = {},
                          Process::Limit limit = Process::kLimit);

}  // namespace perigee
