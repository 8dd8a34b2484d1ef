// Command lines as users of curl, hey and wrk type them, and the scenarios they stand for.
#include "cli/http_flags.h"

#include <fstream>

#include <CLI/CLI.hpp>
#include <doctest/doctest.h>

#include "cli/http_script.h"
#include "engine/base/config_error.h"
#include "tests/engine/output/scratch_folder.h"

namespace perigee {
namespace {

HttpFlags parse(std::vector<const char*> words) {
  words.insert(words.begin(), "http");
  CLI::App app("", "perigee http");
  HttpFlagReader reader(app);
  const bool parsed = reader.parse(static_cast<int>(words.size()), words.data());
  CHECK(parsed);
  return reader.read();
}

HttpLoad load(const std::vector<const char*>& words) {
  return parse(words).load;
}

std::string script(const std::vector<const char*>& words) {
  return http_script(load(words));
}

std::string error_of(const std::vector<const char*>& words) {
  try {
    parse(words);
  } catch (const ConfigError& error) {
    return error.what();
  }
  return "no error";
}

bool has(const std::string& text, const std::string& part) {
  INFO(text);
  INFO(part);
  const bool found = text.find(part) != std::string::npos;
  CHECK(found);
  return found;
}

using Headers = std::vector<std::pair<std::string, std::string>>;

}  // namespace

TEST_CASE("a URL alone is loaded over ten connections for ten seconds") {
  CHECK(script({"localhost:9000/v2"}) ==
        R"(-- One request, sent again and again. Run: perigee run FILE.lua
local http = require "perigee.http"

local M = {}

M.options = {
  vus = 10,    -- each has a connection of its own and waits for its answers
  duration = "10s",
  maxRedirects = 0,                -- a redirection is an answer like any other
  discardResponseBodies = true,    -- bodies are read and not kept
}

local url = "http://localhost:9000/v2"

-- One iteration: a virtual user sends the request and waits for the answer.
function M.default()
  http.get(url)
end

return M
)");
  CHECK(describe(load({"localhost:9000/v2"})) == "10 connections, 10s");
}

TEST_CASE("how much load: -c, -z and -n") {
  const std::string timed = script({"-c", "64", "-z", "1m30s", "http://h/"});
  CHECK(has(timed, "  vus = 64, "));
  CHECK(has(timed, "  duration = \"1m30s\",\n"));
  // wrk and hey count seconds.
  CHECK(has(script({"-c64", "-z5", "http://h/"}), "  duration = \"5s\",\n"));
  const std::string counted = script({"-n", "7", "-c", "64", "http://h/"});
  CHECK(has(counted, "  vus = 7, "));
  CHECK(has(counted, "  iterations = 7, "));
  CHECK(has(counted, "  duration = \"24h\",    -- at most\n"));
  CHECK(has(script({"-n", "7", "-z", "2s", "http://h/"}), "  duration = \"2s\",    -- at most\n"));
  CHECK(describe(load({"-n", "1", "-c", "64", "http://h/"})) == "1 connection, 1 request");
  CHECK(describe(load({"-n", "9", "-c", "2", "-z", "3", "http://h/"})) ==
        "2 connections, 9 requests, at most 3s");
}

TEST_CASE("a rate is an open model over all connections") {
  const std::string text = script({"-q", "200", "-z", "5s", "http://h/"});
  CHECK(has(text, "executor = \"constant-arrival-rate\",\n      rate = 200, "));
  CHECK(has(text, "duration = \"5s\",\n      preAllocatedVUs = 10, "));
  CHECK(has(text, "maxVUs = 1000, "));
  const std::string bounded = script({"-R", "0.5", "-c", "4", "-z", "5s", "http://h/"});
  CHECK(has(bounded, "rate = 0.5, "));
  CHECK(has(bounded, "preAllocatedVUs = 4, "));
  CHECK(has(bounded, "maxVUs = 4, "));
  // The 300th is due after 1.495 s, the next after 1.5 s.
  CHECK(has(script({"-q", "200", "-n", "300", "http://h/"}), "duration = \"1.4975s\","));
  CHECK(has(script({"-q", "200", "-n", "300", "-z", "1s", "http://h/"}), "duration = \"1s\","));
  // Executors of a constant rate last a second or more.
  CHECK(has(script({"-q", "200", "-n", "30", "http://h/"}),
            "executor = \"ramping-arrival-rate\",\n      startRate = 200, "));
  CHECK(describe(load({"-q", "200", "-c", "4", "http://h/"})) ==
        "200 requests per second, at most 4 connections, 10s");
}

TEST_CASE("a body makes a POST and a form of it, unless flags say otherwise") {
  const HttpLoad form = load({"-d", "a=1", "-d", "b=2", "http://h/"});
  CHECK(form.method == "POST");
  CHECK(form.body.text == "a=1&b=2");
  CHECK(form.headers == Headers{{"Content-Type", "application/x-www-form-urlencoded"}});
  const HttpLoad json = load({"-X", "put", "-T", "application/json", "-d", "[1,2]", "http://h/"});
  CHECK(json.method == "PUT");
  CHECK(json.body.text == "[1,2]");
  CHECK(json.headers == Headers{{"Content-Type", "application/json"}});
  CHECK(load({"-H", "content-type: text/plain", "-d", "x", "http://h/"}).headers ==
        Headers{{"content-type", "text/plain"}});
  CHECK(load({"-I", "http://h/"}).method == "HEAD");
  CHECK(load({"--data-raw", "30s", "http://h/"}).body.text == "30s");
  CHECK(load({"--data-raw", "@x", "http://h/"}).body.text == "@x");
}

TEST_CASE("a body may lie in a file, which the scenario opens") {
  const ScratchFolder folder;
  std::ofstream(folder / "body.json") << "{\n}";
  const std::string path = folder / "body.json";
  const std::string at = "@" + path;
  CHECK(has(script({"-d", at.c_str(), "http://h/"}),
            "local body = open(\"" + path + "\", \"b\"):gsub(\"[\\r\\n]\", \"\")\n"));
  CHECK(has(script({"--data-binary", at.c_str(), "http://h/"}),
            "local body = open(\"" + path + "\", \"b\")\n"));
  const std::string put = script({"-m", "PUT", "-D", path.c_str(), "http://h/"});
  CHECK(has(put, "local body = open(\"" + path + "\", \"b\")\n"));
  CHECK(has(put, "  http.put(url, body, params)\n"));
  CHECK(error_of({"-D", "/nowhere/x", "http://h/"}) ==
        "cannot read /nowhere/x: No such file or directory");
  CHECK(error_of({"-d", "x", "-D", path.c_str(), "http://h/"}) ==
        "a file as the body must be the only one of -d, --data-binary and -D");
}

TEST_CASE("headers, and the flags that stand for one") {
  CHECK(load({"-H", "X-A: 1", "-H", "X-B:2", "-H", "x-a: 3", "http://h/"}).headers ==
        Headers{{"X-B", "2"}, {"x-a", "3"}});
  CHECK(load({"-H", "X-Empty;", "http://h/"}).headers == Headers{{"X-Empty", ""}});
  CHECK(load({"-A", "probe/1", "-host", "a.example", "-b", "k=v", "--compressed", "http://h/"})
            .headers == Headers{{"User-Agent", "probe/1"},
                                {"Host", "a.example"},
                                {"Cookie", "k=v"},
                                {"Accept-Encoding", "gzip, deflate, br, zstd"}});
  CHECK(has(script({"-H", "X-A: say \"hi\"", "http://h/"}), "    [\"X-A\"] = [[say \"hi\"]],\n"));
}

TEST_CASE("user and password go into the URL, encoded") {
  CHECK(load({"-u", "me:p@ss/w", "http://h:1/x@y"}).url == "http://me:p%40ss%2Fw@h:1/x@y");
  CHECK(load({"-a", "me:p", "http://you:q@h/"}).url == "http://me:p@h/");
  CHECK(has(script({"-u", "me:p", "--digest", "http://h/"}), "  auth = \"digest\",\n"));
}

TEST_CASE("connections and redirections") {
  CHECK(has(script({"-disable-keepalive", "http://h/"}), "  noConnectionReuse = true, "));
  CHECK(has(script({"-k", "https://h/"}), "  insecureSkipTLSVerify = true, "));
  CHECK(has(script({"-L", "http://h/"}), "  maxRedirects = 10,\n"));
  CHECK(has(script({"-L", "--max-redirs", "3", "http://h/"}), "  maxRedirects = 3,\n"));
  CHECK(has(script({"-t", "20", "http://h/"}), "  timeout = \"20s\",\n"));
  CHECK(has(script({"-t", "300ms", "http://h/"}), "  timeout = \"300ms\",\n"));
}

TEST_CASE("methods without a function of their own go through http.request") {
  CHECK(has(script({"-X", "PROPFIND", "http://h/"}), "  http.request(\"PROPFIND\", url)\n"));
  CHECK(has(script({"-X", "PURGE", "-t", "1", "http://h/"}),
            "  http.request(\"PURGE\", url, nil, params)\n"));
  CHECK(has(script({"-X", "GET", "-d", "x", "http://h/"}),
            "  http.request(\"GET\", url, body, params)\n"));
}

TEST_CASE("thresholds are of the latency, or name their metric") {
  CHECK(has(script({"--threshold", "p(95)<200", "--threshold", "max<900", "-f", "http://h/"}),
            "    http_req_duration = { \"p(95)<200\", \"max<900\" },\n"
            "    http_req_failed = { \"rate==0\" },\n"));
  CHECK(has(script({"--threshold", "http_reqs:rate>10", "http://h/"}),
            "    http_reqs = { \"rate>10\" },\n"));
  CHECK(error_of({"--threshold", "rate<0.1", "http://h/"}) ==
        "--threshold: say of which metric, e.g. http_req_failed:rate<0.1 or http_reqs:rate<0.1");
}

TEST_CASE("thresholds that nothing was measured for fail on demand") {
  const std::string failing =
      script({"--threshold", "p(95)<200", "--threshold-no-samples", "fail", "http://h/"});
  CHECK(has(failing, "  thresholdNoSamples = \"fail\",\n  thresholds = {"));
  CHECK(script({"--threshold", "p(95)<200", "http://h/"}).find("thresholdNoSamples") ==
        std::string::npos);
  CHECK(error_of({"--threshold-no-samples", "fial", "http://h/"}) ==
        "--threshold-no-samples: \"fial\" is none of pass, fail (did you mean \"fail\"?)");
}

TEST_CASE("what people are used to and happens anyway is taken without a word") {
  CHECK(load({"-sSL", "-o", "/dev/null", "http://h/"}).follows_redirects);
  CHECK(parse({"--latency", "-disable-compression", "-s", "http://h/"}).result.quiet);
  CHECK_FALSE(load({"-disable-redirects", "http://h/"}).follows_redirects);
  CHECK(parse({"-cpus", "2", "http://h/"}).result.workers == 2);
}

TEST_CASE("versions and proxies need a client of the script's own") {
  const std::string client =
      "-- A client with settings of its own, which every virtual user has.\n"
      "local client = http.client{\n";
  has(script({"--h2c", "http://h/"}), client + "  version = \"2\",    -- of HTTP, no other\n}\n");
  has(script({"-h2", "https://h/"}), "  version = \"2\",");
  has(script({"--http1.1", "https://h/"}), "  version = \"1.1\",");
  has(script({"-x", "proxy.example:3128", "http://h/"}),
      client + "  proxy = \"proxy.example:3128\",\n}\n");
  has(script({"-x", "", "http://h/"}), "  proxy = false,");
  has(script({"--h2c", "-d", "x", "http://h/"}), "  client:post(url, body, params)\n");
  CHECK(script({"http://h/"}).find("http.client") == std::string::npos);
}

TEST_CASE("certificates are options of the script") {
  const ScratchFolder folder;
  const auto file = [&](const char* name) {
    std::ofstream(folder / name) << "PEM";
    return folder / name;
  };
  const std::string ca = file("ca.pem"), cert = file("cert.pem"), key = file("key.pem");
  has(script({"--cacert", ca.c_str(), "https://h/"}), "  tlsCACerts = { \"" + ca + "\" },\n");
  has(script({"-E", cert.c_str(), "--key", key.c_str(), "--pass", "p", "https://h/"}),
      "  tlsAuth = { { cert = \"" + cert + "\", key = \"" + key + "\", password = \"p\" } },\n");
  const std::string both = cert + ":secret";
  has(script({"--cert", both.c_str(), "https://h/"}), "  tlsAuth = { { cert = \"" + cert +
                                                          "\", key = \"" + cert +
                                                          "\", password = \"secret\" } },");
}

TEST_CASE("-F makes a multipart form") {
  const ScratchFolder folder;
  const std::string file = folder / "a.txt";
  std::ofstream(file) << "text";
  const std::string upload = "f=@" + file + ";type=text/plain;filename=b.txt";
  const std::string written = script({"-F", "name=value", "-F", upload.c_str(), "http://h/"});
  has(written,
      "local body = {\n"
      "  { \"name\", \"value\" },\n"
      "  { \"f\", http.file(open(\"" +
          file +
          "\", \"b\"), \"b.txt\", \"text/plain\") },\n"
          "}    -- with a file it is sent as multipart/form-data\n");
  has(written, "  http.post(url, body)\n");
  const std::string plain = "f=@" + file, text = "f=<" + file;
  has(script({"-F", plain.c_str(), "http://h/"}), "\"a.txt\", \"application/octet-stream\") },");
  has(script({"-F", text.c_str(), "http://h/"}),
      "{ \"f\", http.file(open(\"" + file + "\", \"b\"), \"\", \"\") },");
}

TEST_CASE("--json with a document behind it is curl's body, alone it is the form of the result") {
  const HttpFlags body = parse({"--json", R"({"a":1})", "-z", "1s", "host"});
  CHECK_FALSE(body.result.json);
  CHECK(body.load.method == "POST");
  CHECK(body.load.body.text == R"({"a":1})");
  const std::string text = http_script(body.load);
  CHECK(text.find("[\"Content-Type\"] = \"application/json\"") != std::string::npos);
  CHECK(parse({"--json", "[1]", "host"}).load.body.text == "[1]");
  const ScratchFolder folder;
  const std::string path = folder / "body.json";
  std::ofstream(path) << "{}";
  const std::string document = "@" + path;
  const HttpFlags file = parse({"--json", document.c_str(), "-H", "Content-Type: a/b", "host"});
  CHECK(file.load.body.kind == RequestBody::Kind::kFile);
  CHECK(http_script(file.load).find("[\"Content-Type\"] = \"a/b\"") != std::string::npos);
  const HttpFlags result = parse({"--json", "host"});
  CHECK(result.result.json);
  CHECK(result.load.method == "GET");
}

TEST_CASE("-s alone is silent; a script or a time behind it says what to write") {
  CHECK(parse({"-s", "host"}).result.quiet);
  CHECK(error_of({"-s", "post.lua", "host"})
            .starts_with("-s post.lua: scenarios are run by perigee run post.lua"));
  CHECK(error_of({"-s", "30", "host"}) ==
        "-s 30: -s is --silent here; for ab's time-out write -t 30");
}

TEST_CASE("flags of oha and ab are known or say what to write") {
  CHECK(script({"--disable-keepalive", "--no-tui", "host"}).find("noConnectionReuse = true") !=
        std::string::npos);
  CHECK(script({"-l", "-C", "id=7", "host"}).find("Cookie = \"id=7\"") != std::string::npos);
  for (const auto& known : {std::pair{"-p", "write -D FILE"},
                            {"-r", "-L --max-redirs N"},
                            {"--redirect", "-L --max-redirs N"},
                            {"--http-version", "--http2"},
                            {"--latency-correction", "with -q"},
                            {"--output-format", "--json"},
                            {"-g", "--out csv"},
                            {"--urls-from-file", "script"},
                            {"--unix-socket", "no Unix sockets"},
                            {"-P", "-x http://USER:PASSWORD@HOST:PORT"}}) {
    CAPTURE(known.first);
    CHECK(error_of({known.first, "7", "host"}).find(known.second) != std::string::npos);
  }
}

TEST_CASE("a flag that means something else elsewhere says so") {
  const std::vector<std::pair<std::vector<const char*>, std::string>> lines{
      {{"-t4", "-c100", "-d30s", "http://h/"},
       "-d 30s: -d is the body here, as for curl and hey. To load for so long, as wrk does, write "
       "-z 30s (and -t is a request's time-out, --workers the threads); for a body that is just "
       "this, --data-raw 30s"},
      {{"-m", "5", "http://h/"},
       "-m 5: -m is the method here, as for hey; for curl's time-out write -t 5"},
      {{"-T", "body.json", "http://h/"},
       "-T body.json: -T is the Content-Type here, as for hey, like application/json; to upload a "
       "file, as curl does, write -m PUT -D body.json"},
      {{"-A", "application/json", "http://h/"},
       "-A application/json: -A is the User-Agent here, as for curl; for hey's Accept write -H "
       "'Accept: application/json'"},
      {{"-o", "out.html", "http://h/"},
       "-o: bodies are read and not kept; --out csv=FILE writes what was measured of every "
       "request"},
  };
  for (const auto& [words, message] : lines)
    CHECK(error_of(words) == message);
}

TEST_CASE("wrong values name the flag and what it takes") {
  const std::vector<std::pair<std::vector<const char*>, std::string>> lines{
      {{}, "name a URL: perigee http URL"},
      {{"ftp://h/"},
       "\"ftp://h/\" is no URL to load: the scheme must be http or https, not \"ftp\""},
      {{"http://h/", "http://i/"}, "one URL at a time: \"http://i/\" is too many"},
      {{"-c", "0", "http://h/"}, "--connections: must be at least 1, got 0"},
      {{"-n", "many", "http://h/"}, "--requests: must be a whole number, got \"many\""},
      {{"-z", "soon", "http://h/"},
       "--duration: must be a time above 0 like 30s or 1m30s, got \"soon\""},
      {{"-z", "300ms", "http://h/"}, "--duration: must be at least 1s, got \"300ms\""},
      {{"-q", "-1", "http://h/"},
       "--rate: must be a number of requests per second above 0 and up to 1000000, got \"-1\""},
      {{"-H", "X-A", "http://h/"}, "--header: must look like 'Name: value', got \"X-A\""},
      {{"-H", "X-A:", "http://h/"},
       "--header: \"X-A:\" has no value; to send it empty, write 'X-A;'"},
      {{"-u", "me", "http://h/"}, "--user: must look like NAME:PASSWORD"},
      {{"--h2c", "https://h/"}, "--h2c: is for http URLs; for HTTP/2 over TLS write --http2"},
      {{"--http2", "http://h/"}, "--http2: is for https URLs; for HTTP/2 without TLS write --h2c"},
      {{"--http2", "--http1.1", "https://h/"},
       "--http1.1, --http2 and --h2c exclude each other: give one"},
      {{"-x", "socks5://h", "http://h/"},
       "--proxy: proxy: a proxy is reached over http:// or https:// in this version, not "
       "socks5://; unset it or name such a proxy"},
      {{"--cacert", "nowhere.pem", "https://h/"}, "--cacert: there is no file \"nowhere.pem\""},

      {{"-F", "a", "http://h/"}, "--form: \"a\": must look like NAME=TEXT or NAME=@FILE"},
      {{"-F", "a=b;type=c/d", "http://h/"},
       "--form: \"a=b;type=c/d\": only files have a type: NAME=@FILE;type=TYPE"},
      {{"-F", "a=b", "-d", "c", "http://h/"},
       "a form (-F) must be the only body: leave out -d, --data-binary and -D"},
      {{"--conections", "3", "http://h/"},
       "there is no flag --conections (did you mean \"--connections\"?); see perigee http --help"},
  };
  for (const auto& [words, message] : lines)
    CHECK(error_of(words) == message);
}

}  // namespace perigee
