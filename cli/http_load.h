// The load that `perigee http` makes, as its flags describe it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "cli/load.h"

namespace perigee {

// A field of a multipart form.
struct FormField {
  std::string name;
  std::string text;  // or the path of a file that holds it
  bool is_path = false;
  std::string file_name;  // of an upload: what the server is told
  std::string content_type;

  bool is_upload() const { return !content_type.empty(); }
};

struct RequestBody {
  enum class Kind {
    kNone,
    kText,
    kFile,     // the file as it is
    kOneLine,  // the file without its line ends, as curl's -d @FILE
    kForm,     // multipart/form-data
  };

  Kind kind = Kind::kNone;
  std::string text;  // or the file's path
  std::vector<FormField> form{};
};

// How the server is reached; what is empty is as in a script that says nothing about it.
struct ServerAccess {
  std::string version;               // of HTTP, as http.client takes it
  std::optional<std::string> proxy;  // its URL; "": none, whatever the environment says
  std::string authorities;           // PEM file of those trusted beside the system's
  std::string certificate;           // PEM file of what is shown to the server
  std::string key;                   // its PEM file
  std::string password;              // of the key
};

struct HttpLoad : Load {
  std::string url;  // absolute, with user and password if there are any
  std::string method = "GET";
  std::vector<std::pair<std::string, std::string>> headers;
  RequestBody body;

  bool follows_redirects = false;
  int64_t most_redirects = 10;
  bool digest = false;      // of the URL's user and password, instead of basic
  bool insecure = false;    // certificates are not checked
  bool keeps_alive = true;  // connections
  ServerAccess access;
};

}  // namespace perigee
