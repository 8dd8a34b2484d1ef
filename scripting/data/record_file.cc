#include "scripting/data/record_file.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <stdexcept>
#include <string_view>
#include <utility>

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include "engine/base/config_error.h"
#include "engine/base/utf8.h"

namespace perigee {
namespace {

// Bytes between marks: what one access reads, against 16 bytes of index for each.
constexpr size_t kMarkDistance = 1024;
constexpr size_t kBlock = 1024 * 1024;
constexpr std::string_view kByteOrderMark = "\xef\xbb\xbf";

// Without the line end, of which "\r" may be a part.
std::string_view trim_line_end(std::string_view record) {
  if (record.ends_with('\n')) record.remove_suffix(1);
  if (record.ends_with('\r')) record.remove_suffix(1);
  return record;
}

}  // namespace

// Walks through the file once.
class RecordFile::Indexer {
 public:
  explicit Indexer(RecordFile& file) : file_(file), scanner_(file.format_) {}

  void take(std::string_view block) {
    for (const char c : block) {
      if (at_ == begin_) begin_line_ = line_;
      ++at_;
      const bool ends = scanner_.feed(c);
      if (c != '\r' && c != '\n') blank_ = false;
      if (file_.format_.ends_line(c)) ++line_;
      if (ends) end_record();
    }
  }

  void finish() {
    if (scanner_.in_quotes()) refuse("a quoted field is not closed: a \" is missing");
    if (at_ > begin_) end_record();
    file_.end_ = at_;
  }

  // The file begins after these bytes.
  void skip(size_t bytes) { at_ = begin_ = bytes; }

 private:
  [[noreturn]] void refuse(const std::string& what) const {
    throw ConfigError(fmt::format("{}:{}: {}", file_.path_.string(), begin_line_, what));
  }

  void end_record() {
    const bool counts = !blank_ || !file_.format_.csv;
    if (counts) {
      if (file_.format_.csv) check_row();
      if (file_.marks_.empty() || begin_ >= file_.marks_.back().offset + kMarkDistance)
        file_.marks_.push_back({file_.size_, begin_});
      ++file_.size_;
    }
    scanner_.reset();
    begin_ = at_;
    blank_ = true;
  }

  void check_row() {
    if (scanner_.malformed()) {
      refuse("after a quoted field comes a delimiter or the end of the line");
    }
    if (file_.size_ == 0) fields_ = scanner_.fields();
    if (scanner_.fields() == fields_) return;
    refuse(fmt::format("{} fields, but the first row has {} (delimiter: \"{}\")", scanner_.fields(),
                       fields_, file_.format_.delimiter));
  }

  RecordFile& file_;
  RecordScanner scanner_;
  size_t at_ = 0;
  size_t begin_ = 0;  // of the record
  size_t line_ = 1;
  size_t begin_line_ = 1;
  size_t fields_ = 0;
  bool blank_ = true;  // so far the record is an empty line
};

RecordFile::RecordFile(std::filesystem::path path, RecordFormat format)
    : path_(std::move(path)), format_(format) {
  file_ = ::open(path_.c_str(), O_RDONLY | O_CLOEXEC);
  if (file_ < 0 || !std::filesystem::is_regular_file(path_)) {
    throw ConfigError(fmt::format("cannot read {}: {}", path_.string(),
                                  file_ < 0 ? std::strerror(errno) : "it is no regular file"));
  }
  check_encoding();
  format_.carriage_returns = has_carriage_returns_only();
  Indexer indexer(*this);
  std::string block = read_bytes(0, kBlock);
  size_t offset = block.size();
  if (block.starts_with(kByteOrderMark)) {
    indexer.skip(kByteOrderMark.size());
    block.erase(0, kByteOrderMark.size());
  }
  for (; !block.empty(); offset += block.size()) {
    indexer.take(block);
    block = read_bytes(offset, kBlock);
  }
  indexer.finish();
  marks_.shrink_to_fit();
}

RecordFile::~RecordFile() {
  if (file_ >= 0) ::close(file_);
}

void RecordFile::check_encoding() const {
  if (!is_utf16(read_bytes(0, 4))) return;
  throw ConfigError(fmt::format(
      "{}: the file is UTF-16; save it as UTF-8 (Excel: \"CSV UTF-8\"; a shell: iconv -f UTF-16 -t "
      "UTF-8)",
      path_.string()));
}

// Looks no further than to the first line feed that is not in a quoted field.
bool RecordFile::has_carriage_returns_only() const {
  RecordFormat format = format_;
  format.carriage_returns = true;
  RecordScanner scanner(format);
  bool found = false;
  std::string block;
  for (size_t offset = 0; !(block = read_bytes(offset, kBlock)).empty(); offset += block.size()) {
    const bool marked = offset == 0 && block.starts_with(kByteOrderMark);
    for (const char c : std::string_view(block).substr(marked ? kByteOrderMark.size() : 0)) {
      if (!scanner.feed(c)) continue;
      if (c == '\n') return false;
      found = true;
      scanner.reset();
    }
  }
  return found;
}

std::string RecordFile::read_bytes(size_t offset, size_t size) const {
  std::string bytes(size, '\0');
  size_t filled = 0;
  while (filled < size) {
    const ssize_t got =
        ::pread(file_, bytes.data() + filled, size - filled, static_cast<off_t>(offset + filled));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) {
      throw std::runtime_error(
          fmt::format("cannot read {}: {}", path_.string(), std::strerror(errno)));
    }
    if (got == 0) break;
    filled += static_cast<size_t>(got);
  }
  bytes.resize(filled);
  return bytes;
}

std::string RecordFile::read(size_t index) const {
  const auto after =
      std::upper_bound(marks_.begin(), marks_.end(), index,
                       [](size_t wanted, const Mark& mark) { return wanted < mark.record; });
  const Mark& mark = *std::prev(after);
  const size_t end = after == marks_.end() ? end_ : after->offset;
  const std::string bytes = read_bytes(mark.offset, end - mark.offset);
  RecordScanner scanner(format_);
  size_t record = mark.record;
  size_t begin = 0;
  for (size_t i = 0; i < bytes.size(); ++i) {
    if (!scanner.feed(bytes[i]) && i + 1 < bytes.size()) continue;
    const std::string_view found =
        trim_line_end(std::string_view(bytes).substr(begin, i + 1 - begin));
    scanner.reset();
    begin = i + 1;
    if (found.empty() && format_.csv) continue;
    if (record++ == index) return std::string(found);
  }
  throw std::runtime_error(fmt::format(
      "{} has changed since the test began: a row is not there any more", path_.string()));
}

}  // namespace perigee
