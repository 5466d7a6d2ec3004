// The statements of hot reads.
#pragma once

#include "common/postgres/statement.h"
#include "goals_sql.h"

namespace okr::goals {

inline constexpr postgres::Statement kGetObjectives{"goals.get_objectives", sql::kGetObjectives};
inline constexpr postgres::Statement kGetKeyResults{"goals.get_key_results", sql::kGetKeyResults};
inline constexpr postgres::Statement kFindPeopleBySubject{"goals.find_people_by_subject",
                                                          sql::kFindPeopleBySubject};
inline constexpr postgres::Statement kGetOrganization{"goals.get_organization",
                                                      sql::kGetOrganization};
inline constexpr postgres::Statement kGetPerson{"goals.get_person", sql::kGetPerson};
inline constexpr postgres::Statement kGetTeam{"goals.get_team", sql::kGetTeam};
inline constexpr postgres::Statement kGetCycle{"goals.get_cycle", sql::kGetCycle};

}  // namespace okr::goals
