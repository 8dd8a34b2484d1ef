#include "engine/metrics/system_tags.h"

#include <doctest/doctest.h>

#include "engine/base/config_error.h"

namespace perigee {
namespace {

using Names = std::vector<std::string_view>;

TEST_CASE("the usual ones are k6's") {
  CHECK(SystemTags().columns() == Names{"check", "error", "error_code", "expected_response",
                                        "group", "method", "name", "proto", "scenario", "service",
                                        "status", "subproto", "tls_version", "url"});
  CHECK_FALSE(SystemTags().drops_any());
  CHECK(SystemTags().drops("vu"));
  CHECK_FALSE(SystemTags().drops("url"));
  CHECK_FALSE(SystemTags().drops("mine"));
}

TEST_CASE("those named are on and all others off") {
  const SystemTags tags({"url", "ip", "vu"});
  CHECK(tags.has(SystemTag::kVu));
  CHECK(tags.has(SystemTag::kIp));
  CHECK_FALSE(tags.has(SystemTag::kName));
  CHECK(tags.columns() == Names{"ip", "url"});
  CHECK(tags.drops_any());
  CHECK(tags.drops("name"));
}

TEST_CASE("none at all is a choice too") {
  CHECK(SystemTags(std::vector<std::string>{}).columns().empty());
}

TEST_CASE("more than the usual ones drops none") {
  CHECK_FALSE(
      SystemTags({"check", "error", "error_code", "expected_response", "group", "method", "name",
                  "proto", "scenario", "service", "status", "subproto", "tls_version", "url", "ip"})
          .drops_any());
}

TEST_CASE("an unknown tag is an error that names the closest") {
  CHECK_THROWS_WITH_AS(SystemTags({"urls"}),
                       "there is no system tag \"urls\" (did you mean \"url\"?); there are "
                       "check, error, error_code, expected_response, group, ip, iter, method, "
                       "name, proto, scenario, service, status, subproto, tls_version, url, vu",
                       ConfigError);
  CHECK_THROWS_WITH_AS(SystemTags({"ocsp_status"}),
                       "there is no ocsp_status, because TLS is not in this version", ConfigError);
}

}  // namespace
}  // namespace perigee
