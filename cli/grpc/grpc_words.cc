#include "cli/grpc/grpc_words.h"

#include <algorithm>
#include <array>
#include <optional>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "engine/base/config_error.h"

namespace perigee {
namespace {

struct TaskName {
  std::string_view name;
  GrpcTask task;
};
constexpr std::array<TaskName, 2> kTasks{
    {{"list", GrpcTask::kList}, {"describe", GrpcTask::kDescribe}}};

std::optional<GrpcTask> task_named(std::string_view word) {
  for (const TaskName& known : kTasks) {
    if (known.name == word) return known.task;
  }
  return std::nullopt;
}

[[noreturn]] void refuse_word(const GrpcWords& given, const std::string& word) {
  throw ConfigError(fmt::format("\"{}\" is too many; see {} --help", word, given.command));
}

// People copy addresses from browsers.
void check_address(std::string& address) {
  const size_t scheme = address.find("://");
  if (scheme == std::string::npos || address.starts_with("dns://")) return;
  const std::string_view prefix = std::string_view(address).substr(0, scheme);
  if (prefix != "http" && prefix != "https") return;
  std::string rest = address.substr(scheme + 3);
  if (rest.ends_with('/')) rest.pop_back();
  throw ConfigError(fmt::format("the server is named by HOST:PORT: write {}{} in the place of {}",
                                prefix == "http" ? "--plaintext " : "", rest, address));
}

// "package.Service.Method" is how some write it.
void check_method(std::string& method) {
  if (method.starts_with('/')) method.erase(0, 1);
  if (method.find('/') == std::string::npos) {
    const size_t dot = method.rfind('.');
    if (dot != std::string::npos) method[dot] = '/';
  }
  const size_t slash = method.find('/');
  if (slash != std::string::npos && slash > 0 && slash + 1 < method.size()) return;
  throw ConfigError(
      fmt::format("the method must be like package.Service/Method, got \"{}\"", method));
}

// Where the word for a task stands: behind the address, or first where there is none.
std::optional<size_t> find_task(const GrpcWords& given) {
  for (size_t i = 0; i < std::min<size_t>(given.words.size(), 2); ++i) {
    if (task_named(given.words[i])) return i;
  }
  return std::nullopt;
}

void read_task(const GrpcWords& given, size_t at, GrpcFlags& flags) {
  const std::string& name = given.words[at];
  flags.task = *task_named(name);
  if (at > 0) flags.load.address = given.words[0];
  if (given.words.size() > at + 1) flags.symbol = given.words[at + 1];
  if (given.words.size() > at + 2) refuse_word(given, given.words[at + 2]);
  if (!given.call.empty()) throw ConfigError(fmt::format("{}: leave out --call", name));
  if (!flags.load.single) {
    throw ConfigError(fmt::format("{} makes no load: leave out its flags", name));
  }
  if (flags.load.address.empty() && flags.load.reflects()) {
    throw ConfigError(
        fmt::format("name a server, or types: {0} HOST:PORT {1}, or {0} --proto FILE {1}",
                    given.command, name));
  }
}

void read_call(const GrpcWords& given, GrpcLoad& load, std::string* file) {
  std::vector<std::string> words = given.words;
  if (!given.call.empty()) words.insert(words.begin() + (words.empty() ? 0 : 1), given.call);
  if (words.size() < 2) {
    throw ConfigError(
        fmt::format("name {0}: {1} HOST:PORT package.Service/Method, or {1} HOST:PORT list",
                    words.empty() ? "a server and a method" : "a method", given.command));
  }
  load.address = words[0];
  load.method = words[1];
  check_method(load.method);
  const size_t most = file == nullptr ? 2 : 3;
  if (words.size() > most) refuse_word(given, words[most]);
  if (words.size() > 2) *file = words[2];
}

}  // namespace

void read_grpc_words(const GrpcWords& given, GrpcFlags& flags, std::string* file) {
  const std::optional<size_t> task = file == nullptr ? find_task(given) : std::nullopt;
  if (task) {
    read_task(given, *task, flags);
  } else {
    read_call(given, flags.load, file);
  }
  check_address(flags.load.address);
}

}  // namespace perigee
