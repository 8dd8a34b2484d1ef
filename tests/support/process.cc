#include "tests/support/process.h"

#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <stdexcept>

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

// Older versions of glibc forget to say that these are C.
extern "C" {
#include <sys/pidfd.h>
}

extern char** environ;

namespace perigee {
namespace {

struct Ends {
  int read_end;
  int write_end;
};

Ends make_pipe() {
  int fds[2];
  if (pipe2(fds, O_CLOEXEC) != 0) {
    throw std::runtime_error(fmt::format("can't make a pipe: {}", std::strerror(errno)));
  }
  fcntl(fds[0], F_SETFL, O_NONBLOCK);
  return {fds[0], fds[1]};
}

std::vector<std::string> environment(const std::map<std::string, std::string>& changes) {
  std::map<std::string, std::string> all;
  for (char** entry = environ; *entry != nullptr; ++entry) {
    const std::string_view text = *entry;
    const size_t equals = text.find('=');
    if (equals == std::string_view::npos) continue;
    all.emplace(text.substr(0, equals), text.substr(equals + 1));
  }
  for (const auto& [name, value] : changes)
    all[name] = value;
  std::vector<std::string> entries;
  for (const auto& [name, value] : all) {
    if (!value.empty()) entries.push_back(fmt::format("{}={}", name, value));
  }
  return entries;
}

std::vector<char*> pointers(const std::vector<std::string>& texts) {
  std::vector<char*> result;
  result.reserve(texts.size() + 1);
  for (const std::string& text : texts)
    result.push_back(const_cast<char*>(text.c_str()));
  result.push_back(nullptr);
  return result;
}

// Between fork and exec only calls that are safe in a signal handler are allowed.
[[noreturn]] void become(char* const* arguments, char* const* environment, const char* folder,
                         int out, int err) {
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  const int in = open("/dev/null", O_RDONLY | O_CLOEXEC);
  const bool ready = dup2(in, STDIN_FILENO) >= 0 && dup2(out, STDOUT_FILENO) >= 0 &&
                     dup2(err, STDERR_FILENO) >= 0 && (*folder == '\0' || chdir(folder) == 0);
  if (ready) execvpe(arguments[0], arguments, environment);
  const char message[] = "can't be started\n";
  [[maybe_unused]] const ssize_t written = write(STDERR_FILENO, message, sizeof message - 1);
  _exit(127);
}

int exit_code_of(int status) {
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

}  // namespace

std::string perigee_program() {
  const char* other = std::getenv("PERIGEE");
  return other != nullptr ? other : PERIGEE_PROGRAM;
}

Process::Process(const std::vector<std::string>& command, const Options& options)
    : name_(fmt::format("{}", fmt::join(command, " "))) {
  start(command, options);
  collector_ = std::thread([this] { collect(); });
}

void Process::start(const std::vector<std::string>& command, const Options& options) {
  const std::vector<std::string> variables = environment(options.environment);
  const std::vector<char*> arguments = pointers(command);
  const std::vector<char*> variable_pointers = pointers(variables);
  const Ends out = make_pipe();
  const Ends err = make_pipe();
  pid_ = fork();
  if (pid_ == 0) {
    become(arguments.data(), variable_pointers.data(), options.folder.c_str(), out.write_end,
           err.write_end);
  }
  close(out.write_end);
  close(err.write_end);
  out_.fd = out.read_end;
  err_.fd = err.read_end;
  process_fd_ = pid_ < 0 ? -1 : pidfd_open(pid_, 0);
  if (process_fd_ < 0) throw std::runtime_error(fmt::format("{}: {}", name_, std::strerror(errno)));
}

Process::~Process() {
  signal(SIGKILL);
  collector_.join();
  close(process_fd_);
}

// A child of the program may hold the pipes open longer than the program lives: its end is told by
// its own descriptor, and what the pipes hold then is the rest.
void Process::collect() {
  for (bool running = true; running;) {
    pollfd fds[] = {{out_.fd, POLLIN, 0}, {err_.fd, POLLIN, 0}, {process_fd_, POLLIN, 0}};
    if (poll(fds, 3, -1) < 0) continue;
    running = fds[2].revents == 0;
    read_all(out_);
    read_all(err_);
  }
  for (Pipe* pipe : {&out_, &err_}) {
    if (pipe->fd >= 0) close(pipe->fd);
  }
  int status = 0;
  waitpid(pid_, &status, 0);
  const std::lock_guard lock(mutex_);
  result_ = ProcessResult{exit_code_of(status), out_.text, err_.text};
  changed_.notify_all();
}

// Reads what there is. The descriptor is negative, which poll ignores, once the other end is
// closed.
void Process::read_all(Pipe& pipe) {
  char buffer[16 * 1024];
  while (pipe.fd >= 0) {
    const ssize_t size = read(pipe.fd, buffer, sizeof buffer);
    if (size < 0) return;
    if (size == 0) {
      close(pipe.fd);
      pipe.fd = -1;
      return;
    }
    const std::lock_guard lock(mutex_);
    pipe.text.append(buffer, static_cast<size_t>(size));
    changed_.notify_all();
  }
}

std::string Process::out() const {
  const std::lock_guard lock(mutex_);
  return out_.text;
}

std::string Process::err() const {
  const std::lock_guard lock(mutex_);
  return err_.text;
}

template <typename Done>
void Process::wait_until(std::string_view awaited, Limit limit, Done done) {
  std::unique_lock lock(mutex_);
  bool reached = false;
  const auto over = [&] { return (reached = done()) || result_.has_value(); };
  changed_.wait_for(lock, limit, over);
  if (reached) return;
  throw std::runtime_error(fmt::format("{}: {} without {}; stdout: {}; stderr: {}", name_,
                                       result_ ? "it ended" : fmt::format("{} s", limit.count()),
                                       awaited, out_.text, err_.text));
}

std::string Process::wait_for_line(std::string_view text, Limit limit) {
  std::string line;
  wait_until(fmt::format("a line \"{}\"", text), limit, [&] {
    const size_t found = out_.text.find(text);
    const size_t end = out_.text.find('\n', found);
    if (found == std::string::npos || end == std::string::npos) return false;
    const size_t before = out_.text.rfind('\n', found);
    const size_t begin = before == std::string::npos ? 0 : before + 1;
    line = out_.text.substr(begin, end - begin);
    return true;
  });
  return line;
}

void Process::wait_for_error(std::string_view text, Limit limit) {
  wait_until(fmt::format("\"{}\" in stderr", text), limit,
             [&] { return err_.text.find(text) != std::string::npos; });
}

const ProcessResult& Process::wait(Limit limit) {
  wait_until("its end", limit, [&] { return result_.has_value(); });
  return *result_;
}

void Process::signal(int number) const {
  pidfd_send_signal(process_fd_, number, nullptr, 0);
}

ProcessResult run_process(const std::vector<std::string>& command, const Process::Options& options,
                          Process::Limit limit) {
  Process process(command, options);
  return process.wait(limit);
}

}  // namespace perigee
