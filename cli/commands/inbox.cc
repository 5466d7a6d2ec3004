#include "absl/strings/str_cat.h"
#include "cli/commands/commands.h"
#include "cli/render/errors.h"
#include "cli/render/fields.h"
#include "cli/render/status.h"
#include "common/status/macros.h"
#include "okr/notifications/v1/notifications_service.pb.h"

namespace okr::cli {
namespace {

using notifications::v1::Notification;

absl::StatusOr<std::string> MyInbox(Session& session) {
  OKR_ASSIGN_OR_RETURN(const std::string organization, session.Organization());
  return absl::StrCat(organization, "/people/me");
}

absl::Status RunInbox(bool unread, Session& session) {
  notifications::v1::ListNotificationsRequest request;
  OKR_ASSIGN_OR_RETURN(*request.mutable_parent(), MyInbox(session));
  request.set_unread_only(unread);
  OKR_ASSIGN_OR_RETURN(const auto items, session.client().ListAll(&request));
  if (session.ShowDocuments(items)) return absl::OkStatus();
  Table table({"", "when", "why", "what", "id"}, 90);
  for (const auto& item : items) {
    const auto& notification = dynamic_cast<const Notification&>(*item);
    table.Add({notification.has_read_time() ? " " : "●",
               TimeText(notification.event_time().seconds()),
               Word(*notifications::v1::NotificationKind_descriptor(), notification.kind()),
               notification.title(), IdOf(notification.name())});
  }
  session.ShowTable(table, unread ? "nothing unread" : "the inbox is empty");
  return absl::OkStatus();
}

struct ReadArgs {
  std::vector<std::string> names;
  bool all = false;
};

// A notification may be given by its id alone; its full name needs the caller's own.
absl::StatusOr<std::string> NotificationName(const std::string& text, const std::string& inbox) {
  if (text.find('/') != std::string::npos) return text;
  return absl::StrCat(inbox, "/notifications/", text);
}

absl::Status MarkRead(const ReadArgs& args, Session& session) {
  if (args.all != args.names.empty()) return UsageError("give either names or --all");
  notifications::v1::MarkNotificationsReadRequest request;
  OKR_ASSIGN_OR_RETURN(*request.mutable_parent(), MyInbox(session));
  for (const std::string& text : args.names) {
    OKR_ASSIGN_OR_RETURN(*request.add_names(), NotificationName(text, request.parent()));
  }
  if (args.all) request.mutable_all_before()->set_seconds(absl::ToUnixSeconds(session.Now()) + 1);
  OKR_ASSIGN_OR_RETURN(
      const auto response,
      session.client().Call<notifications::v1::MarkNotificationsReadResponse>(request));
  if (!session.ShowDocument(response)) {
    session.Say(absl::StrCat(response.marked_count(), " marked as read, ", response.unread_count(),
                             " unread"));
  }
  return absl::OkStatus();
}

}  // namespace

void AddInboxCommands(Command app, Session& session) {
  Command inbox = app.Add("inbox", "Your notifications, latest first");
  auto unread = std::make_shared<bool>(false);
  inbox.Switch("--unread", unread.get(), "Only those not read yet");
  Command read = inbox.Add("read", "Mark notifications as read");
  auto args = std::make_shared<ReadArgs>();
  read.TakeAll("name", &args->names, "Ids or names");
  read.Switch("--all", &args->all, "All that are there");
  session.OnRun(read, [args, &session] { return MarkRead(*args, session); });
  // The callback of "inbox" runs after that of "read", and must leave it alone.
  session.OnRun(inbox, [read, unread, args, &session] {
    return read.was_given() ? MarkRead(*args, session) : RunInbox(*unread, session);
  });
}

}  // namespace okr::cli
