// What all methods of the scheduler have in common: the state that they act on, and how they
// answer.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "engine/grpc/server/server_call.h"
#include "engine/grpc/server/services.h"
#include "engine/loop/loop.h"
#include "target/grpc/call_pace.h"
#include "target/grpc/scheduler/status_feed.h"
#include "target/grpc/scheduler/status_subscription.h"
#include "target/scheduler/scheduler.h"

namespace perigee {

// What all workers share.
struct SharedScheduler {
  SharedScheduler(const SchedulerOptions& options, InferenceRepository& repository)
      : feed(TimeOrigin::now()), scheduler(options, repository, feed) {}

  StatusFeed feed;
  Scheduler scheduler;
};

// One per worker, on its thread. Outlives the calls.
class SchedulerContext {
 public:
  SchedulerContext(Loop& loop, SharedScheduler& shared, CallPace& pace)
      : loop_(loop), shared_(shared), pace_(pace), timer_(loop.timers(), [this] { look(); }) {}

  const TimeOrigin& origin() const { return shared_.feed.origin(); }

  // A method that answers with one message: `write(message, now, response)`, which may throw what
  // `refusal_status` knows.
  template <typename Write>
  void add_unary(grpc::Services& services, std::string_view path, Write write) {
    services.add({.path = path,
                  .respond = answering(
                      [this](const grpc::ServerCall& call) { return pace_.prompt(call.at()); },
                      [write](const grpc::ServerCall& call, std::string_view message,
                              std::string& response) { write(message, call.now(), response); }),
                  .begin = {}});
  }

  // A method that answers with what there is: `tell(message, state, send)` sends it by
  // `send(response)`.
  template <typename Tell>
  void add_status(grpc::Services& services, std::string_view path, Tell tell) {
    add_stream(services, path, [this, tell](grpc::ServerCall& call, std::string_view message) {
      const Instant due = pace_.prompt(call.at());
      shared_.scheduler.with(call.now(), [&](const SchedulerState& state) {
        tell(message, state, [&](const std::string& response) { call.send(response, due); });
      });
      call.finish({}, due);
    });
  }

  // A method that answers with the same, and then with each change of this kind.
  template <typename Tell>
  void add_subscription(grpc::Services& services, std::string_view path, StatusKind kind,
                        Tell tell) {
    add_stream(
        services, path, [this, kind, tell](grpc::ServerCall& call, std::string_view message) {
          auto subscription = std::make_unique<StatusSubscription>(call, loop_, pace_);
          StatusSubscription& attached = *subscription;
          shared_.scheduler.with(call.now(), [&](const SchedulerState& state) {
            tell(message, state, [&](std::string response) {
              attached.queue()->push(std::make_shared<const std::string>(std::move(response)));
            });
            shared_.feed.subscribe(kind, attached.queue());
          });
          call.attach(std::move(subscription));
          attached.deliver();
        });
  }

  // Changes the state, and looks after what that makes due later.
  template <typename Act>
  void change(Instant now, Act act) {
    shared_.scheduler.with(now, [&](SchedulerState& state) { act(state); });
    look();
  }

 private:
  template <typename Respond>
  void add_stream(grpc::Services& services, std::string_view path, Respond respond) {
    services.add({.path = path,
                  .respond =
                      [this, respond](grpc::ServerCall& call, std::string_view message) {
                        try {
                          respond(call, message);
                        } catch (const std::runtime_error&) {
                          call.finish(refusal_status(), pace_.prompt(call.at()));
                        }
                      },
                  .begin = {}});
  }

  void look() {
    if (const auto next = shared_.scheduler.advance(loop_.now())) timer_.start(*next);
  }

  Loop& loop_;
  SharedScheduler& shared_;
  CallPace& pace_;
  Timer timer_;  // when something is due next in the scheduler
};

}  // namespace perigee
