// Turns the end of an HTTP exchange into k6's samples.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "engine/http/response.h"
#include "engine/metrics/registry.h"
#include "engine/metrics/shard.h"

namespace perigee::http {

// The ids of HTTP's metrics, declared once per run.
struct HttpMetricIds {
  MetricId reqs, duration, blocked, connecting, tls_handshaking, sending, waiting, receiving,
      failed;
  MetricId reqs_interrupted;  // sent, and cut off by the end of the run before they were answered
  MetricId reqs_retried;      // sent again on a fresh connection

  static HttpMetricIds declare(MetricRegistry& registry);
};

// What a script makes of an answer's status.
enum class Verdict : uint8_t { kUnexpected, kExpected, kNotJudged };

// Names what a request's tags are, as far as they are known before its answer; interned by
// `HttpMetrics::request_tags`.
using RequestTagsId = uint32_t;

// One per worker. Tag sets are put together once per combination and found again by numbers.
class HttpMetrics {
 public:
  HttpMetrics(const HttpMetricIds& ids, MetricShard& shard);

  // Interns {method, url, name} and the request's own tags. `url` must be free of credentials; an
  // empty `name` means the tag `name` of the context, else the URL; a given one replaces the `url`
  // tag too, as in k6.
  RequestTagsId request_tags(std::string_view method, std::string_view url, std::string_view name,
                             const TagSet& own);

  // The same for what follows a redirection of such a request to `url`: a name that it was given
  // stays.
  RequestTagsId redirected_tags(RequestTagsId request, std::string_view method,
                                std::string_view url);

  // Nine samples, as k6 emits them, plus the retries. `context` holds the tags of the VU at the
  // time (scenario, group, run-wide tags), interned in the shard's TagSets. One that is not judged
  // has no http_req_failed and no tag expected_response.
  void record(TagSetId context, RequestTagsId request, int status, HttpVersion version,
              Verdict verdict, const Outcome& outcome);

  // The tags that `record` gives to the samples of an answer.
  TagSetId answered_tags(TagSetId context, RequestTagsId request, int status, HttpVersion version,
                         Verdict verdict);

  // A request that was cancelled, e.g. by the end of the run: interrupted if it was sent.
  void record_cut_off(TagSetId context, RequestTagsId request, const CutOff& cut_off, Instant at);

 private:
  // What the tags of an answer depend on, as numbers.
  struct Key {
    TagSetId context = 0;
    RequestTagsId request = 0;
    uint32_t error_text = 0;
    uint32_t ip = 0;               // from 1; 0 unless the run wants the tag
    const char* tls_version = "";  // a literal
    uint16_t status = 0;
    uint16_t error_code = 0;
    HttpVersion version = HttpVersion::kHttp10;
    Verdict verdict = Verdict::kUnexpected;

    bool operator==(const Key&) const = default;
  };
  struct KeyHash {
    size_t operator()(const Key& key) const;
  };
  struct TagsHash {
    size_t operator()(const TagSet& tags) const { return tags.hash(); }
  };
  // The series of http_reqs, http_req_duration, ..., http_req_failed: in the order of the samples.
  using Series = std::array<SeriesId, 9>;

  struct RequestTags {
    TagSet tags;
    bool named;  // by the script, and not by its URL
  };

  const Series& series_of(const Key& key);
  Series make_series(const Key& key);
  TagSet tags_of(const Key& key) const;
  // The tags of the VU and of the request together: what is known without an answer.
  TagSetId sent_tags(TagSetId context, RequestTagsId request);
  TagSet merged_tags(TagSetId context, RequestTagsId request) const;
  RequestTagsId intern(TagSet tags, bool named);
  // Numbers a text from 1 in a list of bounded length, whose last entry is `rest`; 0 for no text.
  static uint32_t intern_text(std::vector<std::string>& list, const std::string& text,
                              const char* rest);

  HttpMetricIds ids_;
  MetricShard& shard_;
  std::vector<RequestTags> requests_;
  std::unordered_map<TagSet, RequestTagsId, TagsHash> request_ids_;
  std::vector<std::string> error_texts_;
  std::vector<std::string> ips_;
  std::unordered_map<Key, Series, KeyHash> series_;
  Key last_key_;
  const Series* last_series_ = nullptr;
};

}  // namespace perigee::http
