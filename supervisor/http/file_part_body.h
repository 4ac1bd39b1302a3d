// A body of Beast's that is a part of an open file, read in small pieces while it is
// sent. Beast's own file_body begins at the beginning only.
#pragma once

#include <array>
#include <boost/asio/buffer.hpp>
#include <boost/beast/core/error.hpp>
#include <boost/beast/http/error.hpp>
#include <boost/beast/http/message.hpp>
#include <boost/optional.hpp>
#include <utility>

#include "supervisor/http/open_file.h"

namespace rota {

struct FilePartBody {
  using value_type = FilePart;

  static std::uint64_t size(const FilePart& part) { return part.size; }

  class writer {
   public:
    using const_buffers_type = boost::asio::const_buffer;

    template <bool isRequest, class Fields>
    writer(const boost::beast::http::header<isRequest, Fields>&, const FilePart& part) : left_{part} {}

    void init(boost::beast::error_code& error) { error = {}; }

    // A file that has become shorter is an error, because its length is announced already.
    boost::optional<std::pair<const_buffers_type, bool>> get(boost::beast::error_code& error) {
      error = {};
      if (left_.size == 0) return boost::none;
      std::error_code trouble;
      const std::size_t wanted = left_.size < piece_.size() ? left_.size : piece_.size();
      const std::size_t count = left_.file->read(left_.offset, piece_.data(), wanted, trouble);
      if (trouble) error = boost::beast::error_code{trouble};
      if (!error && count == 0) error = boost::beast::http::error::short_read;
      if (error) return boost::none;
      left_ = part_from(left_, count);
      return std::pair{const_buffers_type{piece_.data(), count}, left_.size > 0};
    }

   private:
    FilePart left_;
    std::array<char, 16384> piece_;
  };
};

}  // namespace rota
