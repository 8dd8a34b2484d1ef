// A client that speaks HTTP/2 by prior knowledge, for the tests of this folder.
#pragma once

#include "tests/engine/http/http_fixture.h"
#include "tests/support/http2_frames.h"

namespace perigee::http {

struct Http2Fixture : HttpFixture {
  Http2Fixture() : HttpFixture(HttpVersions::kHttp2) {}

  // A batch of this size, run to its end.
  std::vector<Response> send_all(const Request& request, size_t count) {
    std::vector<Answer> answers(count);
    size_t left = count;
    for (Answer& answer : answers) {
      answer.after_end = [&] {
        if (--left == 0) loop.stop();
      };
      start(request, answer);
    }
    run();
    std::vector<Response> responses;
    for (const Answer& answer : answers)
      responses.push_back(answer.response);
    return responses;
  }
};

}  // namespace perigee::http
