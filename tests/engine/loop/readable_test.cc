// Callbacks for descriptors that can be read.
#include "engine/loop/readable.h"

#include <array>

#include <doctest/doctest.h>
#include <unistd.h>

#include "engine/loop/loop.h"

namespace perigee {
namespace {

// A pipe whose ends are closed with it.
struct Pipe {
  Pipe() { REQUIRE(pipe(ends.data()) == 0); }
  ~Pipe() {
    for (const int end : ends)
      close(end);
  }
  Pipe(const Pipe&) = delete;
  Pipe& operator=(const Pipe&) = delete;

  void put() const { REQUIRE(write(ends[1], "x", 1) == 1); }
  void take() const {
    char byte = 0;
    REQUIRE(read(ends[0], &byte, 1) == 1);
  }

  std::array<int, 2> ends{};
};

}  // namespace

TEST_CASE("a descriptor calls back when it can be read, and again until it has been") {
  Loop loop;
  const Pipe pipe;
  int calls = 0;
  const Readable readable(loop, pipe.ends[0], [&] {
    if (++calls == 2) pipe.take();
  });
  pipe.put();
  while (calls < 2)
    loop.run_once();
  // A turn in which something else happens: nobody calls for what was read.
  loop.post([] {});
  loop.run_once();
  CHECK(calls == 2);
  pipe.put();
  while (calls < 3)
    loop.run_once();
  CHECK(calls == 3);
}

TEST_CASE("a descriptor that is watched no more calls nobody") {
  Loop loop;
  const Pipe pipe;
  int calls = 0;
  {
    const Readable readable(loop, pipe.ends[0], [&] { ++calls; });
  }
  pipe.put();
  loop.post([] {});
  loop.run_once();
  CHECK(calls == 0);
}

}  // namespace perigee
