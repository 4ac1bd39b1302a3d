// libcurl for whoever sends mail. It is loaded by the first mail and not with the program: with the libraries
// that it brings along it is a quarter of what a supervisor that has nothing to tell would keep in memory.
#pragma once

#include <curl/curl.h>

namespace rota {

// Functions of libcurl by their names without `curl_`; libcurl(3).
struct CurlLibrary {
  decltype(&::curl_easy_init) easy_init;
  decltype(&::curl_easy_setopt) easy_setopt;
  decltype(&::curl_easy_perform) easy_perform;
  decltype(&::curl_easy_getinfo) easy_getinfo;
  decltype(&::curl_easy_strerror) easy_strerror;
  decltype(&::curl_easy_cleanup) easy_cleanup;
  decltype(&::curl_slist_append) slist_append;
  decltype(&::curl_slist_free_all) slist_free_all;
};

// Loads it at the first call; it stays. Any thread. Throws std::runtime_error when it cannot be loaded, and
// tries again at the next call.
const CurlLibrary& curl_library();

}  // namespace rota
