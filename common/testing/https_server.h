// A server that answers every HTTPS request with one text, for tests of what reads from a URL.
#pragma once

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "common/testing/certificate_authority.h"

namespace okr::testing {

class HttpsServer {
 public:
  static absl::StatusOr<std::unique_ptr<HttpsServer>> Start(const IssuedCertificate& issued,
                                                            std::string body);
  ~HttpsServer();
  HttpsServer(const HttpsServer&) = delete;
  HttpsServer& operator=(const HttpsServer&) = delete;

  int port() const;
  // The head of the last request; "" before the first.
  std::string last_request() const;

 private:
  struct Impl;
  explicit HttpsServer(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace okr::testing
