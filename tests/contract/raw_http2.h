// HTTP/2 as no client library would send it, over the socket of a service.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"

namespace okr::contract {

using Headers = std::vector<std::pair<std::string, std::string>>;

// Header fields of a unary call, without a token.
Headers CallHeaders(absl::string_view method);

// A connection's preface, settings and one HEADERS frame (with CONTINUATION frames as need be).
// `indexed`: the fields enter the table of the decoder, which is another way through it.
std::string Http2Request(const Headers& headers, bool indexed = false);

// Sends the bytes to a listener ("unix:/path") and reads until it closes the connection or nothing
// has come for `patience`. What came; empty if it cannot be reached.
std::string Exchange(const std::string& address, absl::string_view bytes, absl::Duration patience);

}  // namespace okr::contract
