// Takes secrets out of text that people and log collectors will see.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace perigee {

// Puts *** in the place of: values of the headers Authorization, Proxy-Authorization, Cookie and
// Set-Cookie; user and password in URLs; query values whose name says that they are secret; and the
// values of environment variables whose name does. A value; may be copied to where it is used.
class Redactor {
 public:
  using Environment = std::map<std::string, std::string>;

  Redactor() = default;
  // Remembers the values of the variables whose names contain TOKEN, SECRET, PASSWORD or KEY, in
  // any case, unless they are shorter than six characters or plain numbers: too many words would be
  // taken for them.
  explicit Redactor(const Environment& environment);

  std::string operator()(std::string_view text) const;

 private:
  std::vector<std::string> secrets_;  // longest first
};

}  // namespace perigee
