// okr-scoring: progress, scores, pace and status of objectives and key results, each explained.
#include "common/service/service_main.h"
#include "services/scoring/process.h"

int main(int argc, char** argv) {
  return okr::service::Main<okr::scoring::Process>(
      argc, argv, "okr-scoring",
      "Computes progress, scores, pace and status of objectives and key results, each with its "
      "explanation.");
}
