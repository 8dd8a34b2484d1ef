#include "engine/export/influx/influx_settings.h"

#include <doctest/doctest.h>

#include "engine/base/config_error.h"
#include "tests/engine/export/settings_fixture.h"

namespace perigee::exports {
namespace {

struct Fixture : SettingsFixture {
  InfluxSettings read(const Environment& given, std::string_view url = "") {
    environment = given;
    return read_influx_settings(url, variables(), beginning(), log);
  }
  std::string error_of(const Environment& given, std::string_view url = "") {
    try {
      read(given, url);
    } catch (const ConfigError& error) {
      return error.what();
    }
    return "no error";
  }
};

using Headers = std::vector<std::pair<std::string, std::string>>;

}  // namespace

TEST_CASE_FIXTURE(Fixture, "what is not set is as in k6") {
  const InfluxSettings settings = read({});
  CHECK(settings.receiver.url->host_header == "localhost:8086");
  CHECK(settings.receiver.url->target == "/write?db=k6&precision=ns");
  CHECK(settings.database == "k6");
  CHECK(settings.interval == std::chrono::seconds(1));
  CHECK(settings.receiver.headers.empty());
  REQUIRE(settings.tags_as_fields.size() == 3);
  CHECK(settings.tags_as_fields[0].tag == "vu");
  CHECK(settings.tags_as_fields[0].type == TagField::Type::kInteger);
  CHECK(settings.tags_as_fields[2].tag == "url");
  CHECK(settings.tags_as_fields[2].type == TagField::Type::kText);
}

TEST_CASE_FIXTURE(Fixture, "a proxy may be on the way") {
  const InfluxSettings settings =
      read({{"INFLUXDB_PROXY", "http://gate:3128"}}, "http://db:8086/mine");
  const http::Proxy* proxy = settings.receiver.proxies.proxy_for(*settings.receiver.url);
  REQUIRE(proxy != nullptr);
  CHECK(proxy->url->host_header == "gate:3128");
  CHECK(read({}).receiver.proxies.proxy_for(*settings.receiver.url) == nullptr);
  CHECK(error_of({{"INFLUXDB_PROXY", "ftp://gate"}}).starts_with("K6_INFLUXDB_PROXY: "));
}

TEST_CASE_FIXTURE(Fixture, "k6's variables are read") {
  const InfluxSettings settings = read({{"INFLUXDB_ADDR", "https://db:8087"},
                                        {"INFLUXDB_DB", "my db"},
                                        {"INFLUXDB_USERNAME", "ann"},
                                        {"INFLUXDB_PASSWORD", "hunter2222"},
                                        {"INFLUXDB_INSECURE", "true"},
                                        {"INFLUXDB_PUSH_INTERVAL", "3s"},
                                        {"INFLUXDB_PRECISION", "1ms"},
                                        {"INFLUXDB_RETENTION", "week"},
                                        {"INFLUXDB_CONSISTENCY", "one"},
                                        {"INFLUXDB_TAGS_AS_FIELDS", "a, b:float"}});
  CHECK(settings.receiver.url->tls);
  CHECK(settings.receiver.url->target == "/write?db=my%20db&precision=ms&rp=week&consistency=one");
  CHECK(settings.receiver.headers == Headers{{"Authorization", "Basic YW5uOmh1bnRlcjIyMjI="}});
  CHECK_FALSE(settings.receiver.tls.verify);
  CHECK(settings.interval == std::chrono::seconds(3));
  CHECK(settings.precision == std::chrono::milliseconds(1));
  REQUIRE(settings.tags_as_fields.size() == 2);
  CHECK(settings.tags_as_fields[1].type == TagField::Type::kReal);
}

TEST_CASE_FIXTURE(Fixture, "the output's URL has the database, the user and parameters") {
  const InfluxSettings settings = read({{"INFLUXDB_DB", "other"}, {"INFLUXDB_USERNAME", "bob"}},
                                       "http://ann:hunter2222@db:8086/load?precision=1s");
  CHECK(settings.database == "load");
  CHECK(settings.receiver.url->host == "db");
  CHECK(settings.receiver.url->credentials.empty());
  CHECK(settings.receiver.url->target == "/write?db=load&precision=s");
  CHECK(settings.receiver.headers == Headers{{"Authorization", "Basic YW5uOmh1bnRlcjIyMjI="}});
  CHECK(read({}, "http://db:8086").database == "k6");
}

TEST_CASE_FIXTURE(Fixture, "malformed values are named with what they should be") {
  CHECK(error_of({{"INFLUXDB_PRECISION", "1d"}}) ==
        "K6_INFLUXDB_PRECISION: \"1d\" is none of 1ns, 1us, 1ms, 1s");
  CHECK(error_of({{"INFLUXDB_TAGS_AS_FIELDS", "vu:number"}}) ==
        "K6_INFLUXDB_TAGS_AS_FIELDS: \"number\" is none of string, int, float, bool");
  CHECK(error_of({}, "http://db/load?precison=1s") ==
        "there is no parameter \"precison\" of the URL (did you mean \"precision\"?)");
  CHECK(error_of({}, "http://db/load?precision=week") ==
        "the URL: \"week\" is none of 1ns, 1us, 1ms, 1s");
}

}  // namespace perigee::exports
