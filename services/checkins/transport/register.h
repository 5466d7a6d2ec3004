// okr.checkins.v1.CheckinsService.
#pragma once

#include "common/ids/uuid.h"
#include "common/paging/page_token.h"
#include "common/rpc/service.h"
#include "common/service/process.h"
#include "common/service/write.h"
#include "common/store/reads.h"
#include "services/checkins/store/lists.h"

namespace okr::checkins {

// All must outlive the server.
struct TransportDeps {
  service::WriteDeps write;
  Lists& lists;
  store::Reads& reads;
  const paging::PageTokenCodec& page_tokens;
  UuidGenerator& ids;
};

// Registers all methods.
void RegisterCheckinsService(service::Process& process, const TransportDeps& deps,
                             rpc::Service& service);

}  // namespace okr::checkins
