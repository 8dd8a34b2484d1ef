#include "engine/net/listener.h"

#include <memory>

#include <doctest/doctest.h>

#include "tests/engine/net/recorder.h"
#include "tests/support/loop_fixture.h"

namespace perigee {
namespace {

const Address kAnyPort = *Address::parse("127.0.0.1", 0);

TEST_CASE_FIXTURE(LoopFixture, "a listener tells its port, and accepts who connects") {
  Recorder server_events, client_events;
  std::unique_ptr<TcpStream> accepted;
  std::unique_ptr<Listener> listener;
  listener = std::make_unique<Listener>(loop, kAnyPort, false, [&] {
    accepted = listener->accept(server_events);
    accepted->write("welcome", "");
  });
  CHECK(listener->address().port() != 0);
  const auto client = TcpStream::connect(loop, listener->address(), client_events);
  client_events.after_read = [&] { loop.stop(); };
  run();
  CHECK(client_events.bytes == "welcome");
  CHECK(accepted->peer().ip() == "127.0.0.1");
}

TEST_CASE_FIXTURE(LoopFixture, "a stream that resets on close tells its peer so") {
  Recorder server_events, client_events;
  std::unique_ptr<TcpStream> accepted;
  std::unique_ptr<Listener> listener;
  listener = std::make_unique<Listener>(loop, kAnyPort, false,
                                        [&] { accepted = listener->accept(server_events); });
  server_events.after_read = [&] {
    accepted->reset_on_close();
    accepted.reset();
  };
  const auto client = TcpStream::connect(loop, listener->address(), client_events);
  client_events.after_connected = [&] { client->write("x", ""); };
  client_events.after_closed = [&] { loop.stop(); };
  run();
  CHECK(client_events.log == "connected closed:" + std::to_string(ECONNRESET) + " ");
}

TEST_CASE_FIXTURE(LoopFixture, "there is nothing to accept when nobody connects") {
  Recorder events;
  Listener listener(loop, kAnyPort, false, [] {});
  CHECK(listener.accept(events) == nullptr);
}

TEST_CASE_FIXTURE(LoopFixture, "two listeners share a port only if both say so") {
  Listener first(loop, kAnyPort, true, [] {});
  CHECK_NOTHROW(Listener(loop, first.address(), true, [] {}));
  const std::string message =
      "cannot listen at " + first.address().text() + ": Address already in use";
  CHECK_THROWS_WITH(Listener(loop, first.address(), false, [] {}), message.c_str());
}

TEST_CASE_FIXTURE(LoopFixture, "a listener may listen at an IPv6 address") {
  Listener listener(loop, *Address::parse("::1", 0), false, [] {});
  CHECK(listener.address().ip() == "::1");
}

TEST_CASE_FIXTURE(LoopFixture, "an address of another machine is refused with the reason") {
  CHECK_THROWS_WITH(Listener(loop, *Address::parse("192.0.2.1", 9000), false, [] {}),
                    "cannot listen at 192.0.2.1:9000: Cannot assign requested address");
}

}  // namespace
}  // namespace perigee
