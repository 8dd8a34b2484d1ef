#include "engine/http/prepared_request.h"

#include "engine/http/client_settings.h"
#include "engine/http/errors.h"
#include "engine/http/head_cache.h"
#include "engine/http/request_head.h"
#include "engine/net/host_table.h"

namespace perigee::http {

Error PreparedRequest::prepare(const Request& request, const ClientSettings& settings,
                               const HostTable& hosts, HeadCache& heads) {
  // Mostly the same as last time, and counting references costs more than looking.
  if (url_ != request.url) url_ = request.url;
  body_ = request.body;
  source_ = request.source;
  timeout_ = request.timeout;
  proxy_ = settings.proxies.proxy_for(*url_);
  needs_http2_ = url_->tls && settings.versions == HttpVersions::kHttp2;
  if (Error error = refusal(settings, hosts)) return error;
  const RequestHead& head = heads.write(head_, request,
                                        {.user_agent = settings.user_agent,
                                         .proxy = forwarded() ? proxy_ : nullptr,
                                         .close = !settings.reuse_connections});
  end_request_head(head_, head, source_ == nullptr ? body_.size() : source_->size());
  head_size_ = static_cast<uint32_t>(head_.size());
  join_small_body();
  expects_no_body_ = head.expects_no_body;
  repeatable_ = head.idempotent || request.repeatable;
  closes_connection_ = head.close;
  if (head.error.empty()) return {};
  return {ErrorCode::kGeneric, head.error};
}

Error PreparedRequest::refusal(const ClientSettings& settings, const HostTable& hosts) const {
  if (forwarded() && settings.versions == HttpVersions::kHttp2) {
    return {ErrorCode::kGeneric,
            "HTTP/2 in clear text can't go through a proxy: use https, or name the host in "
            "NO_PROXY"};
  }
  // Without a proxy this is looked at when a connection is made.
  if (proxy_ != nullptr && hosts.blocks(url_->host)) return blocked_hostname();
  return {};
}

// The kernel takes one piece for less than two, and copying a little costs nearly nothing.
void PreparedRequest::join_small_body() {
  constexpr size_t kSmallBody = 2048;
  if (body_.size() > kSmallBody) return;
  head_.append(body_);
  body_ = {};
}

}  // namespace perigee::http
