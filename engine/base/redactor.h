// Takes secrets out of text that people and log collectors will see.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace perigee {

// Puts *** in the place of values that are known to be secret. A word in a text proves nothing:
// what a script says about cookies and tokens is shown as it is. A value; may be copied to where it
// is used.
class Redactor {
 public:
  using Environment = std::map<std::string, std::string>;

  Redactor() = default;
  explicit Redactor(const Environment& environment) { learn(environment); }

  // Remembers the values of the variables that are secrets by their names (`names_secret`), unless
  // they are shorter than six characters or words like "disabled": too much would be taken for
  // them; and the passwords of URLs in other variables. Of each also how URLs and JSON write it.
  void learn(const Environment& environment);

  // For what a script prints: hides the remembered values, and user and password of URLs.
  std::string of_script(std::string_view text) const;

  // For what the program writes: hides also the values of query parameters that are secrets by
  // their names, which the program's messages about requests hold.
  std::string operator()(std::string_view text) const;

 private:
  void learn_value(std::string_view value);
  void learn_list(std::string_view values);
  void learn_url(std::string_view text);

  std::vector<std::string> secrets_;  // longest first, each once
};

}  // namespace perigee
