// Sends pushes as unary calls of one gRPC method.
#pragma once

#include <functional>
#include <string>

#include "engine/export/http_push.h"
#include "engine/export/push.h"
#include "engine/grpc/call.h"
#include "engine/grpc/channel.h"
#include "engine/http/refused_pause.h"
#include "engine/loop/deadlines.h"
#include "engine/net/network.h"

namespace perigee::exports {

class GrpcPush final : public PushTransport, private grpc::CallEvents {
 public:
  // `path` is the method's, "/package.Service/Method"; of the receiver's URL only the origin
  // counts. Throws ConfigError for certificates that can't be used.
  GrpcPush(Loop& loop, const HttpReceiver& receiver, std::string path);
  ~GrpcPush() override { GrpcPush::cancel(); }
  GrpcPush(const GrpcPush&) = delete;
  GrpcPush& operator=(const GrpcPush&) = delete;

  void send(const Push& push, std::function<void(PushResult)> done) override;
  void cancel() override;

 private:
  void on_message(std::string_view message, Instant at) override;
  void on_end(const grpc::CallEnd& end) override;

  Loop& loop_;
  const std::string path_;
  grpc::CallRequest request_;
  Network network_;
  Deadlines deadlines_;
  http::RefusedPause refused_;
  grpc::Channel channel_;
  grpc::Call call_;
  std::string response_;
  std::function<void(PushResult)> done_;
};

// What the end of a call means for the push that it carried.
PushResult result_of(const grpc::Status& status);

}  // namespace perigee::exports
