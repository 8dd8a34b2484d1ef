// Receives the events of a stream for the tests of this folder.
#pragma once

#include <functional>
#include <string>

#include "engine/net/stream.h"

namespace perigee {

// Notes what happened, then calls the function of the test, if any.
struct Recorder : StreamEvents {
  std::string log;  // "connected ", "sent ", "closed:0 "
  std::string bytes;
  std::function<void()> after_connected, after_read, after_sent, after_closed;

  void on_connected() override { note("connected ", after_connected); }
  void on_read(std::string_view read, Instant) override {
    bytes += read;
    note("", after_read);
  }
  void on_sent() override { note("sent ", after_sent); }
  void on_closed(int error) override {
    note("closed:" + std::to_string(error) + " ", after_closed);
  }

 private:
  void note(const std::string& what, const std::function<void()>& then) {
    log += what;
    if (then) then();
  }
};

}  // namespace perigee
