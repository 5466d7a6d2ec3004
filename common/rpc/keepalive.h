// How long making a connection may take, and how long a silent one is believed in. Both sides stand
// here, as a client that asks more often than the server allows is thrown out.
#pragma once

namespace okr::rpc {

inline constexpr int kConnectTimeoutMs = 5'000;
inline constexpr int kClientKeepaliveMs = 30'000;        // A client's silence before it asks.
inline constexpr int kServerKeepaliveMs = 60'000;        // A server's silence before it asks.
inline constexpr int kKeepaliveTimeoutMs = 10'000;       // How long the other side may take.
inline constexpr int kServerMinPingIntervalMs = 10'000;  // What the server bears from a client.

}  // namespace okr::rpc
