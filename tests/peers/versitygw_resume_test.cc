// Uploads to a versitygw of the test's own, which is killed in their middle; see
// tests/peers/with_versitygw.
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include <arpa/inet.h>
#include <doctest/doctest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include "tests/process/script_run.h"

namespace perigee {
namespace {

std::string variable(const char* name) {
  const char* value = std::getenv(name);
  REQUIRE_MESSAGE(value != nullptr, name);
  return value;
}

// A port of this machine that nobody listens on at the moment.
std::string free_port() {
  const int fd = socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  REQUIRE(bind(fd, reinterpret_cast<sockaddr*>(&address), size) == 0);
  REQUIRE(getsockname(fd, reinterpret_cast<sockaddr*>(&address), &size) == 0);
  close(fd);
  return std::to_string(ntohs(address.sin_port));
}

// Keeps buckets in a folder, also while it does not run.
class Gateway {
 public:
  Gateway() {
    std::filesystem::create_directories(folder_ / "buckets/results");
    std::filesystem::create_directories(folder_ / "metadata");
  }

  std::string url() const { return "http://127.0.0.1:" + port_; }
  std::string file(const std::string& name) const { return folder_ / ("buckets/results/" + name); }

  void start() {
    server_.emplace(
        std::vector<std::string>{variable("VERSITYGW_PROGRAM"), "--port", "127.0.0.1:" + port_,
                                 "posix", "--sidecar", folder_ / "metadata", folder_ / "buckets"},
        Process::Options{
            .environment = {{"ROOT_ACCESS_KEY_ID", variable("AWS_ACCESS_KEY_ID")},
                            {"ROOT_SECRET_ACCESS_KEY", variable("AWS_SECRET_ACCESS_KEY")}}});
  }
  void kill() {
    ::kill(server_->pid(), SIGKILL);
    server_->wait();
  }

 private:
  ScratchFolder folder_;
  const std::string port_ = free_port();
  std::optional<Process> server_;
};

std::string numbers(size_t size) {
  std::string text;
  for (int i = 0; text.size() < size; ++i)
    text += std::to_string(i) + "\n";
  return text;
}

std::string upload_script(const std::string& file, const Gateway& gateway) {
  return R"lua(
    local storage = require "perigee.storage"
    return { default = function()
      local files, failure = storage.upload(")lua" +
         file + R"lua(", "s3://results/numbers", { part_size = 5 * 1024 * 1024, endpoint = ")lua" +
         gateway.url() + R"lua(" })
      print(files and ("resumed " .. files[1].resumed) or ("failed " .. failure.text))
    end }
  )lua";
}

// Waits until the journal of a file has a part.
void await_part(const std::string& journal, Process& upload) {
  const auto until = std::chrono::steady_clock::now() + std::chrono::seconds(60);
  while (!std::filesystem::exists(journal) ||
         read_text(journal).find("<PartNumber>") == std::string::npos) {
    REQUIRE_MESSAGE(std::chrono::steady_clock::now() < until, upload.err());
    std::this_thread::yield();
  }
}

TEST_CASE("an upload goes on when versitygw is there again that was killed in its middle") {
  const ScratchFolder folder;
  const std::string text = numbers(100U << 20U);
  std::ofstream(folder / "numbers") << text;
  const std::string journal = folder / "numbers.perigee-upload";
  Gateway gateway;
  gateway.start();
  ScriptRun broken(upload_script(folder / "numbers", gateway));
  await_part(journal, broken.process());
  gateway.kill();
  CHECK(broken.exit_code() == 0);
  CHECK_MESSAGE(broken.logged("failed s3://results/numbers: put: "), broken.log());
  REQUIRE(std::filesystem::exists(journal));
  CHECK_FALSE(std::filesystem::exists(gateway.file("numbers")));

  gateway.start();
  ScriptRun whole(upload_script(folder / "numbers", gateway));
  CHECK(whole.exit_code() == 0);
  CHECK_MESSAGE(whole.logged("resumed "), whole.log());
  CHECK_FALSE(whole.logged("resumed 0"));
  CHECK(read_text(gateway.file("numbers")) == text);
  CHECK_FALSE(std::filesystem::exists(journal));
}

}  // namespace
}  // namespace perigee
