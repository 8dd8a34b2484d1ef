// A request as it goes over the wire: the text of its head, its body, and what a connection has to
// know of it.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "engine/http/body_source.h"
#include "engine/http/proxy.h"
#include "engine/http/request.h"
#include "engine/http/response.h"

namespace perigee {
class HostTable;
}

namespace perigee::http {

class HeadCache;
struct ClientSettings;

// Is used again for the next request, because it keeps its memory.
class PreparedRequest {
 public:
  // Makes this of a request, whose body stays where it is. Returns why the request can't be sent,
  // if so. The settings must outlive this.
  Error prepare(const Request& request, const ClientSettings& settings, const HostTable& hosts,
                HeadCache& heads);

  // What to send, one after the other.
  std::string_view head() const { return head_; }
  std::string_view body() const { return body_; }
  // The same apart: `head` has a small body joined to it.
  std::string_view head_text() const { return std::string_view(head_).substr(0, head_size_); }
  std::string_view payload() const {
    return body_.empty() ? std::string_view(head_).substr(head_size_) : body_;
  }
  // What makes the body, which `head` and `body` have nothing of then; else null.
  BodySource* source() const { return source_; }
  // Has the body begin again. False if it can't.
  bool rewind() const { return source_ == nullptr || source_->rewind(); }

  // The response has no body, whatever its head says.
  bool expects_no_body() const { return expects_no_body_; }
  // The connection must not be used again afterwards.
  bool closes_connection() const { return closes_connection_; }
  // Nothing but HTTP/2 will do, which TLS has to agree on.
  bool needs_http2() const { return needs_http2_; }
  // The server may process it twice.
  bool repeatable() const { return repeatable_; }
  Duration timeout() const { return timeout_; }

  const std::shared_ptr<const Url>& url() const { return url_; }
  // Null: the request goes straight to the URL's host.
  const Proxy* proxy() const { return proxy_; }
  // The proxy is asked for a tunnel to the URL's host.
  bool tunnelled() const { return proxy_ != nullptr && url_->tls; }
  // The proxy is asked for the response itself.
  bool forwarded() const { return proxy_ != nullptr && !url_->tls; }
  // Whom the request is sent to: the URL's host, or the proxy that forwards it.
  const Url& endpoint() const { return *shared_endpoint(); }
  const std::shared_ptr<const Url>& shared_endpoint() const {
    return forwarded() ? proxy_->url : url_;
  }
  // What the client itself says to a proxy in the head; empty if it does not.
  std::string_view proxy_authorization() const {
    return proxy_ == nullptr ? std::string_view() : proxy_->authorization;
  }

 private:
  Error refusal(const ClientSettings& settings, const HostTable& hosts) const;
  void join_small_body();

  std::shared_ptr<const Url> url_;
  const Proxy* proxy_ = nullptr;
  std::string head_;
  uint32_t head_size_ = 0;  // without the body that is joined to it
  std::string_view body_;
  BodySource* source_ = nullptr;
  Duration timeout_{};
  bool expects_no_body_ = false;
  bool closes_connection_ = false;
  bool needs_http2_ = false;
  bool repeatable_ = false;
};

}  // namespace perigee::http
