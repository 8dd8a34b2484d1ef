#include "engine/export/label_set.h"

#include <doctest/doctest.h>

namespace perigee::exports {

TEST_CASE("a label's name has letters, digits and underscores, and begins with no digit") {
  CHECK(label_name("status") == "status");
  CHECK(label_name("app.kubernetes.io/name") == "app_kubernetes_io_name");
  CHECK(label_name("5xx") == "tag_5xx");
  CHECK(label_name("__name__") == "tag___name__");
  CHECK(label_name("\xc3\xa9t\xc3\xa9") == "tag___t__");
  CHECK(label_name("") == "tag_");
}

TEST_CASE("a tag has no name that metrics give their own labels") {
  CHECK(label_name("le") == "tag_le");
  CHECK(label_name("quantile") == "tag_quantile");
  CHECK(label_name("condition") == "tag_condition");
  CHECK(label_name("less") == "less");
}

TEST_CASE("a value that is not UTF-8 has a replacement for each byte that is none") {
  CHECK(label_value("caf\xc3\xa9") == "caf\xc3\xa9");
  CHECK(label_value("a\xff"
                    "b") ==
        "a\xef\xbf\xbd"
        "b");
}

TEST_CASE("labels are sorted by the names they get, and values of one name are joined") {
  const LabelSet labels = labels_of({{"z", "1"}, {"a.b", "x"}, {"a_b", "y"}, {"5", "five"}});
  CHECK(labels == LabelSet{{"a_b", "x;y"}, {"tag_5", "five"}, {"z", "1"}});
}

TEST_CASE("an empty value is no label") {
  CHECK(labels_of({{"group", ""}, {"name", "n"}}) == LabelSet{{"name", "n"}});
}

}  // namespace perigee::exports
