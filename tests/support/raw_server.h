// A TCP server that plays what a test wrote down, right or wrong, and keeps what it was sent.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "tests/support/raw_tls.h"

namespace perigee {

// Runs on threads of its own; all members may be called from every thread.
class RawServer {
 public:
  // What it does on a connection, one after the other; at the end it closes the connection.
  struct Step {
    enum class Kind {
      kRequest,
      kRead,
      kSend,
      kSendPlain,
      kGate,
      kHalfClose,
      kBeginTls,
      kEndTls,
      kRenegotiate,
      kHang,
      kHangUp,
      kReset
    };
    Kind kind;
    std::string bytes{};
    std::function<size_t(std::string_view)> end{};
  };
  using Script = std::vector<Step>;

  // Reads one request, its body included as Content-Length or its chunks tell.
  static Step request() { return {Step::Kind::kRequest}; }
  // Reads until `end` finds where something ends in all that is unread; npos: not yet. That part
  // counts as a request.
  static Step read(std::function<size_t(std::string_view)> end) {
    return {Step::Kind::kRead, {}, std::move(end)};
  }
  // Sends the bytes; what is sent by several steps arrives in several segments.
  static Step send(std::string bytes) { return {Step::Kind::kSend, std::move(bytes)}; }
  // Sends the bytes as they are, also in the middle of TLS.
  static Step send_plain(std::string bytes) { return {Step::Kind::kSendPlain, std::move(bytes)}; }
  // Shakes hands, where that was not to be done at once, or once more within TLS.
  static Step begin_tls() { return {Step::Kind::kBeginTls}; }
  // Says the end of TLS.
  static Step end_tls() { return {Step::Kind::kEndTls}; }
  // Asks the client to shake hands again, as TLS 1.2 allows.
  static Step renegotiate() { return {Step::Kind::kRenegotiate}; }
  // Waits until the test calls `open_gate`.
  static Step gate() { return {Step::Kind::kGate}; }
  // Closes its side only.
  static Step half_close() { return {Step::Kind::kHalfClose}; }
  // Reads, and answers nothing, until the client closes the connection.
  static Step hang() { return {Step::Kind::kHang}; }
  // Closes the connection at once, as the end of the script does.
  static Step hang_up() { return {Step::Kind::kHangUp}; }
  // Resets the connection.
  static Step reset() { return {Step::Kind::kReset}; }

  // The n-th connection plays the n-th script; later ones play the last. Listens on a free port.
  explicit RawServer(std::vector<Script> scripts, const char* ip = "127.0.0.1");
  // Every connection begins with the server's side of a TLS handshake.
  RawServer(std::vector<Script> scripts, RawTlsOptions tls);
  // Closes everything, wherever its scripts are.
  ~RawServer();
  RawServer(const RawServer&) = delete;
  RawServer& operator=(const RawServer&) = delete;

  uint16_t port() const { return port_; }
  // "http://127.0.0.1:PORT", or https with TLS, and the path.
  std::string url(std::string_view path = "/") const;

  size_t connections() const;
  // The server names that TLS clients have asked for, in the order of their handshakes.
  std::vector<std::string> server_names() const;
  // Where the connections came from: their addresses without ports, in the order of accepting.
  std::vector<std::string> peers() const;
  // The requests, whole, in the order in which they arrived.
  std::vector<std::string> requests() const;

  // Each waits until so many have been seen; false if that takes more than 20 s.
  bool wait_for_connections(size_t count);
  bool wait_for_requests(size_t count);
  // Connections whose script is over, and that are closed.
  bool wait_for_closes(size_t count);

  void open_gate();

 private:
  void accept_all();
  struct Connection;

  RawServer(std::vector<Script> scripts, const char* ip, std::optional<RawTlsOptions> tls);
  void play(int fd, const Script& script);
  bool shake_hands(Connection& connection);
  bool play_step(Connection& connection, const Step& step);
  bool play_tls_step(Connection& connection, const Step& step);
  using EndOf = std::function<size_t(std::string_view)>;
  bool read_request(Connection& connection, const EndOf& end_of);
  void pass_gate();

  const std::vector<Script> scripts_;
  const std::optional<RawTlsOptions> tls_;
  std::string ip_;
  int listener_;
  uint16_t port_ = 0;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  bool gate_open_ = false;
  bool ending_ = false;
  size_t closes_ = 0;
  std::vector<int> open_;
  std::vector<std::string> requests_;
  std::vector<std::string> peers_;
  std::vector<std::string> server_names_;
  std::vector<std::thread> players_;
  std::thread acceptor_;
};

}  // namespace perigee
