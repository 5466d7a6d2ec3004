#include "common/rpc/admin_pages.h"

#include "absl/strings/str_cat.h"

namespace okr::rpc {
namespace {

metrics::AdminServer::Page ReadyPage(const Server& server) {
  metrics::AdminServer::Page page{.status = 200, .body = "ok\n"};
  for (const Readiness::State& check : server.readiness()) {
    if (check.status.ok()) continue;
    if (page.status == 200) page = {.status = 503, .body = ""};
    absl::StrAppend(&page.body, check.name, ": ", check.status.message(), "\n");
  }
  return page;
}

}  // namespace

metrics::AdminServer::Pages AdminPages(const metrics::Registry& registry, const Server& server) {
  using Page = metrics::AdminServer::Page;
  return {{"/metrics", [&registry] { return Page{.body = registry.Text()}; }},
          {"/livez", [] { return Page{.body = "ok\n"}; }},
          {"/readyz", [&server] { return ReadyPage(server); }}};
}

}  // namespace okr::rpc
