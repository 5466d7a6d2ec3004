// The columns in which lists are shown.
#pragma once

#include <memory>
#include <vector>

#include "cli/render/table.h"
#include "cli/resources/kinds.h"
#include "google/protobuf/message.h"

namespace okr::cli {

Table ListTable(Kind kind, const std::vector<std::unique_ptr<google::protobuf::Message>>& items);

}  // namespace okr::cli
