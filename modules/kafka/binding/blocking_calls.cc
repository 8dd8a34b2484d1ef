#include "modules/kafka/binding/blocking_calls.h"

#include <optional>
#include <string>
#include <utility>

#include "modules/kafka/broker_error.h"
#include "scripting/json_codec.h"
#include "scripting/lua_state.h"
#include "scripting/operation.h"
#include "scripting/wake.h"

namespace perigee {

class KafkaBlockingCalls::Call final : public Operation {
 public:
  Call(ScriptHost& host, LuaVu& vu, Work work, std::function<void(bool)> on_end)
      : host_(host),
        vu_(&vu),
        work_(std::move(work)),
        on_end_(std::move(on_end)),
        wake_(vu.prepare_wait()) {}

  bool done() const { return done_; }

  void start() {
    vu_->add(*this);
    thread_ = std::jthread([this] { run(); });
  }

 private:
  // On the thread: the loop hears of the end, and nothing else is shared before.
  void run() {
    try {
      result_ = work_();
    } catch (const kafka::BrokerError& error) {
      code_ = error.code();
      message_ = error.what();
    } catch (const std::exception& error) {
      code_ = RD_KAFKA_RESP_ERR__FAIL;
      message_ = error.what();
    }
    host_.worker().loop.post([this] { finish(); });
  }

  void finish() {
    done_ = true;
    if (on_end_) on_end_(result_.has_value());
    if (vu_ == nullptr) return;
    Wake wake = wake_;
    lua_State* const L = wake.stack();
    luaL_checkstack(L, 4, "kafka");
    int results = 1;
    if (result_) {
      push_json(L, *result_);
    } else {
      lua_pushnil(L);
      lua_pushnumber(L, code_);
      push_view(L, message_);
      results = 3;
    }
    vu_->remove(*this);
    wake.resume(results);
  }

  void cancel() override { vu_ = nullptr; }

  ScriptHost& host_;
  LuaVu* vu_;
  Work work_;
  std::function<void(bool)> on_end_;
  Wake wake_;
  std::optional<nlohmann::json> result_;
  kafka::ErrorCode code_ = kafka::kNoError;
  std::string message_;
  bool done_ = false;
  std::jthread thread_;
};

KafkaBlockingCalls::KafkaBlockingCalls(ScriptHost& host) : host_(host) {}
KafkaBlockingCalls::~KafkaBlockingCalls() = default;

int KafkaBlockingCalls::await(lua_State* L, LuaVu& vu, Work work,
                              std::function<void(bool)> on_end) {
  vu.refuse_aside();
  std::erase_if(calls_, [](const auto& call) { return call->done(); });
  calls_.push_back(std::make_unique<Call>(host_, vu, std::move(work), std::move(on_end)));
  calls_.back()->start();
  return vu.wait(L, 0);
}

}  // namespace perigee
