// Bodies that are made while they are sent.
#include <filesystem>
#include <fstream>

#include <doctest/doctest.h>

#include "engine/base/config_error.h"
#include "engine/base/limits.h"
#include "engine/http/file_body.h"
#include "tests/engine/http/body_pieces.h"
#include "tests/engine/output/scratch_folder.h"

namespace perigee::http {
namespace {

std::string body_of(const std::string& request) {
  return request.substr(request.find("\r\n\r\n") + 4);
}

TEST_CASE_FIXTURE(HttpFixture, "a body of unknown length is sent in chunks") {
  RawServer server({answers(3)});
  Pieces some({"hello ", "world, how is it going?"}), none({});
  CHECK(send(post(server.url(), some)).body == "x");
  CHECK(send(post(server.url(), none)).body == "x");
  CHECK(get(server.url()).body == "x");
  const std::vector<std::string> requests = server.requests();
  CHECK(requests[0].find("\r\nTransfer-Encoding: chunked\r\n") != std::string::npos);
  CHECK(requests[0].find("Content-Length") == std::string::npos);
  CHECK(body_of(requests[0]) == "6\r\nhello \r\n17\r\nworld, how is it going?\r\n0\r\n\r\n");
  CHECK(body_of(requests[1]) == "0\r\n\r\n");
  CHECK(server.connections() == 1);
}

TEST_CASE_FIXTURE(HttpFixture, "a body whose length is told is sent as it is") {
  RawServer server({answers(2)});
  Pieces source({"one", "two"}, 6), empty({}, 0);
  CHECK(send(post(server.url(), source)).body == "x");
  CHECK(send(post(server.url(), empty)).body == "x");
  CHECK(server.requests()[0].ends_with("Content-Length: 6\r\n\r\nonetwo"));
  CHECK(server.requests()[1].ends_with("Content-Length: 0\r\n\r\n"));
}

TEST_CASE_FIXTURE(HttpFixture, "pieces that the kernel does not take at once follow in order") {
  RawServer server({answers(1)});
  std::vector<std::string> pieces;
  for (char c = 'a'; c <= 'z'; ++c)
    pieces.emplace_back(300'000, c);
  Pieces source(pieces, 26 * 300'000);
  CHECK(send(post(server.url(), source)).body == "x");
  std::string whole;
  for (const std::string& piece : pieces)
    whole += piece;
  CHECK((body_of(server.requests()[0]) == whole));
}

TEST_CASE_FIXTURE(HttpFixture, "a body that is not as long as told fails its request") {
  RawServer server({{RawServer::request(), RawServer::hang()}, answers(1)});
  std::string message;
  SUBCASE("shorter") {
    Pieces source({"one"}, 6);
    message = send(post(server.url(), source)).outcome.error.text;
    CHECK(message == "the body ended after 3 of 6 bytes");
  }
  SUBCASE("longer") {
    Pieces source({"one", "more"}, 6);
    message = send(post(server.url(), source)).outcome.error.text;
    CHECK(message == "the body has more than 6 bytes");
  }
  SUBCASE("it can't be made") {
    Pieces source({"one"});
    source.error = {ErrorCode::kGeneric, "the disk is on fire"};
    message = send(post(server.url(), source)).outcome.error.text;
    CHECK(message == "the disk is on fire");
  }
  CHECK(server.wait_for_closes(1));
  CHECK(get(server.url()).body == "x");
  CHECK(server.connections() == 2);
}

TEST_CASE_FIXTURE(HttpFixture, "an answer that comes before the body has ended is taken") {
  const std::string refusal = "HTTP/1.1 413 Too Large\r\nContent-Length: 0\r\n\r\n";
  RawServer server({{RawServer::send(refusal), RawServer::gate(), RawServer::hang()}});
  Pieces source({large_body(), "more"});
  const Response response = send(post(server.url(), source));
  CHECK(response.status == 413);
  CHECK(source.given <= 1);
  server.open_gate();
  CHECK(server.wait_for_closes(1));
}

TEST_CASE_FIXTURE(HttpFixture, "a request that is cancelled asks for no more pieces") {
  RawServer server({{RawServer::gate(), RawServer::hang()}});
  Pieces source({large_body(), "more"});
  Answer answer;
  start(post(server.url(), source), answer);
  REQUIRE(server.wait_for_connections(1));
  turn();
  cancel(answer);
  server.open_gate();
  turn();
  CHECK(source.given <= 1);
}

TEST_CASE_FIXTURE(HttpFixture, "a kept connection that is gone is replaced if the body can be") {
  // The server reads the second request, and closes the connection instead of answering.
  RawServer server(
      {{RawServer::request(), RawServer::send(ok("x")), RawServer::request()}, answers(1)});
  get(server.url());
  Pieces source({"again"}, 5);
  Request put = request(server.url(), "PUT");
  put.source = &source;
  SUBCASE("from its start") {
    CHECK(send(put).body == "x");
    CHECK(server.requests()[2].ends_with("\r\n\r\nagain"));
  }
  SUBCASE("which it can't") {
    source.rewinds = false;
    CHECK(send(put).outcome.error);
    CHECK(server.connections() == 1);
  }
}

TEST_CASE_FIXTURE(HttpFixture, "a file is sent in pieces, to several at once") {
  const ScratchFolder folder;
  const std::string path = folder / "body";
  std::string content(3 * limits::kBodyPiece + 7, 'f');
  content[limits::kBodyPiece] = 'g';
  std::ofstream(path) << content;
  const auto file = std::make_shared<const BodyFile>(path);
  CHECK(file->size() == content.size());
  RawServer server({answers(1), answers(1)});
  FileBody one(file), two(file);
  Answer first, second;
  int ended = 0;
  first.after_end = second.after_end = [&] {
    if (++ended == 2) loop.stop();
  };
  start(post(server.url(), one), first);
  start(post(server.url(), two), second);
  run();
  CHECK((body_of(server.requests()[0]) == content));
  CHECK((body_of(server.requests()[1]) == content));
}

TEST_CASE_FIXTURE(HttpFixture, "a file that has shrunk fails the request") {
  const ScratchFolder folder;
  const std::string path = folder / "body";
  std::ofstream(path) << "0123456789";
  FileBody body(std::make_shared<const BodyFile>(path));
  std::filesystem::resize_file(path, 4);
  RawServer server({{RawServer::request(), RawServer::hang()}});
  CHECK(send(post(server.url(), body)).outcome.error.text == "the body ended after 4 of 10 bytes");
}

TEST_CASE("a file for bodies must be there and be a file") {
  CHECK_THROWS_WITH_AS(BodyFile("/nowhere/at/all"),
                       "can't open /nowhere/at/all: No such file or directory", ConfigError);
  CHECK_THROWS_WITH_AS(BodyFile("/tmp"), "/tmp is not a regular file, whose length is known",
                       ConfigError);
}

}  // namespace
}  // namespace perigee::http
