// Sends pushes as POST requests.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/export/push.h"
#include "engine/http/call.h"
#include "engine/http/client.h"
#include "engine/http/connection_pool.h"
#include "engine/http/proxy.h"
#include "engine/http/url.h"
#include "engine/loop/deadlines.h"
#include "engine/net/network.h"
#include "engine/net/tls_options.h"

namespace perigee::exports {

// The headers that stand for the sender of a request, made anew for each try.
using PushSigner = std::function<std::vector<std::pair<std::string, std::string>>(
    const http::Url& url, std::string_view body)>;

// Where and how: the same for all pushes.
struct HttpReceiver {
  std::shared_ptr<const http::Url> url{};
  std::vector<std::pair<std::string, std::string>> headers{};
  PushSigner sign{};  // may be empty
  http::ProxySettings proxies{};
  TlsOptions tls{};
  Duration timeout{};
};

class HttpPush final : public PushTransport, private http::CallEvents {
 public:
  // Throws ConfigError for certificates that can't be used.
  HttpPush(Loop& loop, HttpReceiver receiver);
  ~HttpPush() override { HttpPush::cancel(); }
  HttpPush(const HttpPush&) = delete;
  HttpPush& operator=(const HttpPush&) = delete;

  void send(const Push& push, std::function<void(PushResult)> done) override;
  void cancel() override;

 private:
  void on_exchange(const http::Response& /*response*/, bool /*challenge*/) override {}
  void on_redirected(const http::Url& /*from*/) override {}
  void on_call_end(http::Response& response) override;
  std::shared_ptr<const http::Url> url_of(const Push& push) const;

  const HttpReceiver receiver_;
  Network network_;
  Deadlines deadlines_;
  http::Client client_;
  http::Traffic traffic_;
  http::ConnectionPool pool_;
  http::CallContext context_;
  http::Call call_;
  std::vector<std::pair<std::string, std::string>> signed_;  // of the push on its way
  std::function<void(PushResult)> done_;
};

// What a response means for the push that it answers.
PushResult result_of(const http::Response& response);

}  // namespace perigee::exports
