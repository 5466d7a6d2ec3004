// okr-goals: objectives, key results, alignment, and the directory they speak of.
#include "common/service/service_main.h"
#include "services/goals/process.h"

int main(int argc, char** argv) {
  return okr::service::Main<okr::goals::Process>(
      argc, argv, "okr-goals",
      "Keeps objectives and key results, what serves what, and the directory of people, teams and "
      "cycles.");
}
