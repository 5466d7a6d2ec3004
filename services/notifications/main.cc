// okr-notifications: the inboxes of people.
#include "common/service/service_main.h"
#include "services/notifications/process.h"

int main(int argc, char** argv) {
  return okr::service::Main<okr::notifications::Process>(
      argc, argv, "okr-notifications",
      "Keeps the inboxes of people: what is due, changed, blocked or aligned.");
}
