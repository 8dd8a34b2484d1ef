// Notes how connecting a channel ends.
#pragma once

#include "engine/grpc/channel.h"
#include "engine/loop/loop.h"

namespace perigee::grpc {

struct Connected final : ConnectEvents {
  explicit Connected(Loop& its_loop) : loop(its_loop) {}
  void on_connected(const Status& its_status) override {
    status = its_status;
    ++times;
    loop.stop();
  }
  Loop& loop;
  Status status;
  int times = 0;
};

}  // namespace perigee::grpc
