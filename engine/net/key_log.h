// A file of TLS secrets with which recorded traffic can be read, as Wireshark does.
#pragma once

#include <string>
#include <string_view>

namespace perigee {

// May be used by all threads at once.
class KeyLog {
 public:
  // Goes on at the end of a file that exists. Throws ConfigError if it can't be written.
  explicit KeyLog(const std::string& path);
  ~KeyLog();
  KeyLog(const KeyLog&) = delete;
  KeyLog& operator=(const KeyLog&) = delete;

  void write(std::string_view line) const;

 private:
  int fd_;
};

}  // namespace perigee
