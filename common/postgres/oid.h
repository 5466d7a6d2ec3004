// Object ids of PostgreSQL's built-in types, as they stand in binary parameters and results.
#pragma once

#include <cstdint>

namespace okr::postgres {

using Oid = uint32_t;

inline constexpr Oid kOidBool = 16;
inline constexpr Oid kOidBytea = 17;
inline constexpr Oid kOidInt8 = 20;
inline constexpr Oid kOidInt2 = 21;
inline constexpr Oid kOidInt4 = 23;
inline constexpr Oid kOidText = 25;
inline constexpr Oid kOidFloat8 = 701;
inline constexpr Oid kOidDate = 1082;
inline constexpr Oid kOidTimestamptz = 1184;
inline constexpr Oid kOidUuid = 2950;

inline constexpr Oid kOidBoolArray = 1000;
inline constexpr Oid kOidByteaArray = 1001;
inline constexpr Oid kOidInt4Array = 1007;
inline constexpr Oid kOidTextArray = 1009;
inline constexpr Oid kOidInt8Array = 1016;
inline constexpr Oid kOidFloat8Array = 1022;
inline constexpr Oid kOidDateArray = 1182;
inline constexpr Oid kOidTimestamptzArray = 1185;
inline constexpr Oid kOidUuidArray = 2951;

}  // namespace okr::postgres
