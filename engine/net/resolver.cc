#include "engine/net/resolver.h"

#include <utility>

#include <netdb.h>
#include <uv.h>

#include "engine/base/limits.h"

namespace perigee {
namespace {

Resolver::Answer read_answer(int status, const addrinfo* list) {
  Resolver::Answer answer;
  if (status < 0) {
    // Names that DNS can't even ask for, e.g. too long ones, come back as invalid.
    answer.not_found = status == UV_EAI_NONAME || status == UV_EAI_NODATA || status == UV_EINVAL ||
                       status == UV_E2BIG;
    answer.error = answer.not_found ? "no such host" : uv_strerror(status);
    return answer;
  }
  for (const addrinfo* info = list; info != nullptr; info = info->ai_next) {
    const bool known = info->ai_family == AF_INET || info->ai_family == AF_INET6;
    if (known) answer.addresses.push_back(Address::from(info->ai_addr));
  }
  if (answer.addresses.empty()) {
    answer.not_found = true;
    answer.error = "no such host";
  }
  return answer;
}

}  // namespace

struct Resolver::Query {
  uv_getaddrinfo_t request{};
  std::string host;
  std::weak_ptr<Resolver*> resolver;
};

Resolver::Resolver(Loop& loop, Duration ttl)
    : loop_(loop), ttl_(ttl), self_(std::make_shared<Resolver*>(this)) {}

Resolver::~Resolver() = default;

const Resolver::Answer* Resolver::cached(const std::string& host) {
  const auto found = cache_.find(host);
  if (found != cache_.end() && found->second.expires > loop_.now()) return &found->second.answer;
  const auto literal = Address::parse(host, 0);
  if (!literal) return nullptr;
  literal_ = {.addresses = {*literal}, .error = {}};
  return &literal_;
}

void Resolver::remember(const std::string& host, Answer answer) {
  if (cache_.size() >= limits::kDnsNames) cache_.clear();
  const Instant expires = ttl_ == Duration::max() ? Instant::max() : loop_.now() + ttl_;
  cache_[host] = {std::move(answer), expires};
}

void Resolver::resolve(const std::string& host, std::weak_ptr<void> token, Callback callback) {
  auto& waiters = waiting_[host];
  waiters.push_back({std::move(token), std::move(callback)});
  if (waiters.size() > 1) return;
  auto* query = new Query{.request = {}, .host = host, .resolver = self_};
  query->request.data = query;
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  const auto done = [](uv_getaddrinfo_t* request, int status, addrinfo* list) {
    const std::unique_ptr<Query> owned(static_cast<Query*>(request->data));
    const Answer answer = read_answer(status, list);
    uv_freeaddrinfo(list);
    if (const auto resolver = owned->resolver.lock()) {
      (*resolver)->finish(owned->host, answer);
    }
  };
  const int status =
      uv_getaddrinfo(loop_.uv(), &query->request, done, host.c_str(), nullptr, &hints);
  if (status == 0) return;
  // Refused before it was queued, e.g. a name longer than DNS allows.
  delete query;
  loop_.post([weak = std::weak_ptr<Resolver*>(self_), host, status] {
    if (const auto resolver = weak.lock()) (*resolver)->finish(host, read_answer(status, nullptr));
  });
}

void Resolver::finish(const std::string& host, const Answer& answer) {
  const auto waiters = std::exchange(waiting_[host], {});
  waiting_.erase(host);
  if (answer.error.empty()) remember(host, answer);
  for (const Waiter& waiter : waiters) {
    if (!waiter.token.expired()) waiter.callback(answer);
  }
}

}  // namespace perigee
