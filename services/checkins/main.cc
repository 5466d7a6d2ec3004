// okr-checkins: what key results stand at, and when the next check-in is due.
#include "common/service/service_main.h"
#include "services/checkins/process.h"

int main(int argc, char** argv) {
  return okr::service::Main<okr::checkins::Process>(
      argc, argv, "okr-checkins", "Keeps check-ins, and tells when the next ones are due.");
}
