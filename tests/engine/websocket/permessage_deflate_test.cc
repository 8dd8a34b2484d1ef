#include "engine/websocket/permessage_deflate.h"

#include <string>

#include <doctest/doctest.h>

namespace perigee::websocket {
namespace {

std::string refusal(const std::string& answer) {
  std::string error;
  CHECK_FALSE(read_deflate_answer(answer, {}, error));
  return error;
}

DeflateParameters agreed(const std::string& answer, const DeflateParameters& offered = {}) {
  std::string error;
  const auto parameters = read_deflate_answer(answer, offered, error);
  REQUIRE_MESSAGE(parameters, error);
  return *parameters;
}

TEST_CASE("the usual offer keeps no context, as k6's") {
  CHECK(deflate_offer({}) ==
        "permessage-deflate; server_no_context_takeover; client_no_context_takeover; "
        "client_max_window_bits");
}

TEST_CASE("an offer with contexts and windows names them") {
  CHECK(deflate_offer({.server_no_context_takeover = false,
                       .client_no_context_takeover = false,
                       .server_max_window_bits = 10,
                       .client_max_window_bits = 9}) ==
        "permessage-deflate; server_max_window_bits=10; client_max_window_bits=9");
}

TEST_CASE("the server's answer says how it packs") {
  CHECK(agreed("permessage-deflate") == DeflateParameters{.server_no_context_takeover = false});
  CHECK(agreed("permessage-deflate; server_no_context_takeover; client_max_window_bits=\"12\"") ==
        DeflateParameters{.client_max_window_bits = 12});
  CHECK(agreed("permessage-deflate;server_max_window_bits=9") ==
        DeflateParameters{.server_no_context_takeover = false, .server_max_window_bits = 9});
}

TEST_CASE("an answer that makes no sense is refused") {
  CHECK(refusal("x-webkit-deflate-frame") ==
        "the server agreed to an extension that was not offered: \"x-webkit-deflate-frame\"");
  CHECK(refusal("permessage-deflate; server_max_window_bits=16") ==
        "the server agreed to \"permessage-deflate; server_max_window_bits=16\", which makes no "
        "sense");
  CHECK(refusal("permessage-deflate; client_max_window_bits") ==
        "the server agreed to \"permessage-deflate; client_max_window_bits\", which makes no "
        "sense");
  CHECK(refusal("permessage-deflate; server_no_context_takeover; server_no_context_takeover") ==
        "the server agreed to \"permessage-deflate; server_no_context_takeover; "
        "server_no_context_takeover\", which makes no sense");
  CHECK(refusal("permessage-deflate, permessage-deflate") ==
        "the server agreed to more than was offered: \"permessage-deflate, permessage-deflate\"");
}

TEST_CASE("a server takes the first offer that it understands") {
  std::string answer;
  const auto parameters = accept_deflate_offer(
      "x-other, permessage-deflate; unknown, permessage-deflate; server_max_window_bits=11; "
      "client_max_window_bits",
      answer);
  REQUIRE(parameters);
  CHECK(*parameters == DeflateParameters{.server_no_context_takeover = false,
                                         .client_no_context_takeover = false,
                                         .server_max_window_bits = 11});
  CHECK(answer == "permessage-deflate; server_max_window_bits=11");
  CHECK_FALSE(accept_deflate_offer("permessage-deflate; unknown", answer));
  CHECK_FALSE(accept_deflate_offer("", answer));
}

}  // namespace
}  // namespace perigee::websocket
