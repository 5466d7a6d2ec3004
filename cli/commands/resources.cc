#include "absl/algorithm/container.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "cli/commands/columns.h"
#include "cli/commands/commands.h"
#include "cli/config/files.h"
#include "cli/render/errors.h"
#include "cli/resources/field_flags.h"
#include "cli/resources/requests.h"
#include "common/status/macros.h"

namespace okr::cli {
namespace {

using google::protobuf::Message;

struct Args {
  Kind kind = Kind::kObjective;
  std::string name;
  std::vector<std::string> names;
  std::string objective;  // Of a key result.
  std::string file;
  std::string etag;
  bool validate_only = false;
  bool allow_missing = false;
  FieldFlags fields;
};

// Also a command that was given plural, "get objectives", is understood.
Command AddKind(Command verb, Kind kind, absl::string_view about) {
  const KindInfo& info = InfoOf(kind);
  return verb.Add(info.singular, absl::StrCat(about, " ", info.singular)).Alias(info.plural);
}

// With "/" at its end where the service shall make the id.
absl::StatusOr<std::string> NewName(const Args& args, Session& session) {
  OKR_ASSIGN_OR_RETURN(const std::string organization, session.Organization());
  if (args.kind != Kind::kKeyResult) {
    if (!args.name.empty()) return session.Name(args.name, args.kind);
    return absl::StrCat(organization, "/", InfoOf(args.kind).collection, "/");
  }
  if (args.objective.empty()) {
    if (args.name.empty())
      return UsageError("of which objective? Use OBJECTIVE/ID, or --objective");
    return session.Name(args.name, args.kind);
  }
  OKR_ASSIGN_OR_RETURN(const std::string parent, session.Name(args.objective, Kind::kObjective));
  return absl::StrCat(parent, "/keyResults/", args.name);
}

// What file and flags say, into `resource`; the names of the fields that they set.
absl::StatusOr<std::vector<std::string>> ReadFields(const Args& args, bool skip_output_only,
                                                    Session& session, Message* resource) {
  SourceErrors errors;
  YAML::Node base;
  if (!args.file.empty()) {
    OKR_ASSIGN_OR_RETURN(const std::string text, ReadFile(args.file));
    base = ParseYaml(text, &errors);
  }
  std::vector<std::string> fields;
  if (errors.empty()) {
    OKR_ASSIGN_OR_RETURN(const std::string organization, session.Organization());
    MessageReader reader({.organization = organization,
                          .moment = session.moment(),
                          .skip_output_only = skip_output_only},
                         &errors);
    fields = reader.Read(args.fields.Over(base), {"id"}, resource);
  }
  if (!errors.empty()) {
    return UsageError(errors.ToText(args.file.empty() ? "the flags" : args.file));
  }
  return fields;
}

void SetValidateOnly(const Args& args, Message* request) {
  const auto* field = request->GetDescriptor()->FindFieldByName("validate_only");
  if (args.validate_only && field != nullptr) {
    request->GetReflection()->SetBool(request, field, true);
  }
}

absl::Status Create(const Args& args, Session& session) {
  OKR_ASSIGN_OR_RETURN(const std::string name, NewName(args, session));
  const auto resource = NewResource(args.kind);
  OKR_RETURN_IF_ERROR(ReadFields(args, false, session, resource.get()).status());
  const auto request = CreateRequest(args.kind, name, *resource);
  SetValidateOnly(args, request.get());
  OKR_RETURN_IF_ERROR(session.client().Invoke(*request, resource.get()));
  session.Show(*resource);
  return absl::OkStatus();
}

absl::Status Get(const Args& args, Session& session) {
  std::vector<std::unique_ptr<Message>> items;
  std::vector<std::string> names = args.names;
  if (names.empty() && args.kind == Kind::kOrganization) {
    OKR_ASSIGN_OR_RETURN(names.emplace_back(), session.Organization());
  }
  for (const std::string& text : names) {
    OKR_ASSIGN_OR_RETURN(const std::string name, session.Name(text, args.kind));
    auto item = NewResource(args.kind);
    OKR_RETURN_IF_ERROR(session.client().Invoke(*GetRequest(args.kind, name), item.get()));
    items.push_back(std::move(item));
  }
  if (items.size() == 1) {
    session.Show(*items[0]);
  } else if (!session.ShowDocuments(items)) {
    session.ShowTable(ListTable(args.kind, items), "");
  }
  return absl::OkStatus();
}

absl::Status List(const Args& args, Session& session) {
  OKR_ASSIGN_OR_RETURN(std::string parent, session.Organization());
  const auto request = NewRequest(Verb::kList, args.kind);
  SourceErrors errors;
  MessageReader reader({.organization = parent, .moment = session.moment()}, &errors);
  reader.Read(args.fields.Over(YAML::Node()), {}, request.get());
  if (!errors.empty()) return UsageError(errors.ToText("the flags"));
  if (args.kind == Kind::kKeyResult) {
    OKR_ASSIGN_OR_RETURN(
        parent, session.Name(args.objective.empty() ? "-" : args.objective, Kind::kObjective));
  }
  SetText(request.get(), "parent", parent);
  OKR_ASSIGN_OR_RETURN(const auto items, session.client().ListAll(request.get()));
  if (!session.ShowDocuments(items)) {
    session.ShowTable(ListTable(args.kind, items), absl::StrCat("no ", InfoOf(args.kind).plural));
  }
  return absl::OkStatus();
}

absl::Status Update(const Args& args, Session& session) {
  OKR_ASSIGN_OR_RETURN(const std::string name, session.Name(args.name, args.kind));
  const auto resource = NewResource(args.kind);
  OKR_RETURN_IF_ERROR(session.client().Invoke(*GetRequest(args.kind, name), resource.get()));
  // What was read goes back with its etag, so that a change of somebody else is not lost.
  OKR_ASSIGN_OR_RETURN(const std::vector<std::string> fields,
                       ReadFields(args, true, session, resource.get()));
  if (fields.empty()) return UsageError("nothing to change: give a flag, or a file with -f");
  if (!args.etag.empty()) SetText(resource.get(), "etag", args.etag);
  const auto request = UpdateRequest(args.kind, *resource, fields);
  SetValidateOnly(args, request.get());
  OKR_RETURN_IF_ERROR(session.client().Invoke(*request, resource.get()));
  session.Show(*resource);
  return absl::OkStatus();
}

absl::Status Delete(const Args& args, Session& session) {
  for (const std::string& text : args.names) {
    OKR_ASSIGN_OR_RETURN(const std::string name, session.Name(text, args.kind));
    const auto request = NewRequest(Verb::kDelete, args.kind);
    SetText(request.get(), "name", name);
    SetText(request.get(), "etag", args.etag);
    if (args.allow_missing) {
      request->GetReflection()->SetBool(
          request.get(), request->GetDescriptor()->FindFieldByName("allow_missing"), true);
    }
    const auto deleted = NewResource(args.kind);
    OKR_RETURN_IF_ERROR(session.client().Invoke(*request, deleted.get()));
    if (!session.ShowDocument(*deleted)) session.Say(absl::StrCat("deleted ", ShortName(name)));
  }
  return absl::OkStatus();
}

using Action = absl::Status (*)(const Args&, Session&);

std::shared_ptr<Args> Register(Command command, Kind kind, Action action, Session& session) {
  auto args = std::make_shared<Args>();
  args->kind = kind;
  session.OnRun(command, [args, action, &session] { return action(*args, session); });
  return args;
}

void AddCreate(Command verb, Kind kind, Session& session) {
  Command command = AddKind(verb, kind, "Create a");
  auto args = Register(command, kind, Create, session);
  command.Take("name", &args->name, "Its name or id; the service makes one if not given");
  if (kind == Kind::kKeyResult) command.Take("--objective", &args->objective, "Of this one");
  command.Take("-f,--file", &args->file, "YAML or JSON file with its fields; - is stdin");
  command.Switch("--validate-only", &args->validate_only, "Only check");
  args->fields.AddTo(command, *ResourceDescriptor(kind), {"etag"});
}

void AddGet(Command verb, Kind kind, Session& session) {
  Command command = AddKind(verb, kind, "Show a");
  auto args = Register(command, kind, Get, session);
  Argument names = command.TakeAll("name", &args->names, "Name or id, one or several");
  if (kind != Kind::kOrganization) names.Required();
}

void AddList(Command verb, Kind kind, Session& session) {
  Command command = AddKind(verb, kind, "List each");
  auto args = Register(command, kind, List, session);
  if (kind == Kind::kKeyResult) command.Take("--objective", &args->objective, "Of this one");
  args->fields.AddTo(command, *NewRequest(Verb::kList, kind)->GetDescriptor(),
                     {"parent", "page_size", "page_token"});
}

void AddUpdate(Command verb, Kind kind, Session& session) {
  Command command = AddKind(verb, kind, "Change a");
  auto args = Register(command, kind, Update, session);
  command.Take("name", &args->name, "Its name or id").Required(kind != Kind::kOrganization);
  command.Take("-f,--file", &args->file, "YAML or JSON file with the new values; - is stdin");
  command.Take("--etag", &args->etag, "Refuse if it is not at this etag");
  command.Switch("--validate-only", &args->validate_only, "Only check");
  args->fields.AddTo(command, *ResourceDescriptor(kind), {"etag", "alignments"});
}

void AddDelete(Command verb, Kind kind, Session& session) {
  Command command = AddKind(verb, kind, "Delete a");
  auto args = Register(command, kind, Delete, session);
  command.TakeAll("name", &args->names, "Name or id, one or several").Required();
  command.Take("--etag", &args->etag, "Refuse if it is not at this etag");
  command.Switch("--allow-missing", &args->allow_missing, "It may be gone already");
}

}  // namespace

void AddResourceCommands(Command app, Session& session) {
  struct VerbCommand {
    Verb verb;
    const char* name;
    const char* about;
    void (*add)(Command, Kind, Session&);
  };
  for (const VerbCommand& entry :
       {VerbCommand{Verb::kCreate, "create", "Create a resource", AddCreate},
        VerbCommand{Verb::kGet, "get", "Show a resource", AddGet},
        VerbCommand{Verb::kList, "list", "List resources", AddList},
        VerbCommand{Verb::kUpdate, "update", "Change a resource", AddUpdate},
        VerbCommand{Verb::kDelete, "delete", "Delete a resource", AddDelete}}) {
    Command verb = app.Add(entry.name, entry.about);
    verb.NeedsOne();
    for (const KindInfo& info : AllKinds()) {
      // An organization is made by "admin bootstrap"; a check-in has commands of its own.
      const bool elsewhere = info.kind == Kind::kOrganization && entry.verb == Verb::kCreate;
      const bool check_in = info.kind == Kind::kCheckIn && entry.verb != Verb::kGet;
      if (!elsewhere && !check_in && NewRequest(entry.verb, info.kind) != nullptr) {
        entry.add(verb, info.kind, session);
      }
    }
  }
}

}  // namespace okr::cli
