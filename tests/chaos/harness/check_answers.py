"""What the services answer at rest, against what is stored: every list whole, each resource once and as it is."""

from collections.abc import Callable, Iterator
from typing import Any

from . import requests
from .api import Client, Identity
from .check_history import bare, relative
from .history import Violation
from .state import Key, Row, State, shard_of

_LISTS = (
    ("ListPeople", "people", "goals.people", ""),
    ("ListTeams", "teams", "goals.teams", ""),
    ("ListCycles", "cycles", "goals.cycles", ""),
    ("ListObjectives", "objectives", "goals.objectives", ""),
    ("ListKeyResults", "key_results", "goals.key_results", "/objectives/-"),
)
_PAGE = 37
_MOST = 40  # Objectives whose check-ins are listed, and people whose inboxes are, in each organization.


def check_answers(client: Client, state: State, organizations: list[str]) -> Iterator[Violation]:
    for organization in organizations:
        admin = Identity(organization, "admin", "ADMIN")
        for method, field, table, below in _LISTS:
            rows = {key: row for key, row in state.table(table).items() if key[0] == organization}
            fields: dict[str, Any] = {"parent": f"organizations/{organization}{below}"}
            if table in ("goals.objectives", "goals.key_results"):
                fields["show_deleted"] = True
            else:
                rows = {key: row for key, row in rows.items() if row.columns.get("deleted") != "1"}
            yield from _compare(client, method, field, fields, admin, rows)
        yield from _check_ins(client, state, organization, admin)
        yield from _inboxes(client, state, organization)
    yield from _logs(client, state, organizations[0])


def _pages(client: Client, method: str, field: str, fields: dict[str, Any], who: Identity) -> list[Any]:
    """Everything, over all pages; raises RuntimeError where the service refuses."""
    found: list[Any] = []
    token = ""
    while True:
        request = requests.make(method, page_size=_PAGE, page_token=token, **fields)
        answer = client.read(method, request, who)
        if not answer.ok:
            raise RuntimeError(f"{answer.code} {answer.reason} {answer.details}")
        found += getattr(answer.message, field)
        token = answer.message.next_page_token
        if not token:
            return found


def _compare(
    client: Client,
    method: str,
    field: str,
    fields: dict[str, Any],
    who: Identity,
    rows: dict[Key, Row],
    order: Callable[[Row], Any] | None = None,
) -> Iterator[Violation]:
    where = f"{method} {fields['parent']}"
    try:
        listed = _pages(client, method, field, fields, who)
    except RuntimeError as error:
        yield Violation("everything can be listed", where, "answers", str(error))
        return
    names = [(who.organization, relative(one.name)) for one in listed]
    if sorted(names) != sorted(rows):
        missing = sorted(set(rows) - set(names))
        more = sorted(set(names) - set(rows))
        yield Violation(
            "a list is whole, with each once",
            where,
            f"{len(rows)} resources; missing {missing[:5]}",
            f"{len(names)}, {len(set(names))} of them different; too many {more[:5]}",
        )
    places = [order(rows[key]) if order else key for key in names if key in rows]
    if places != sorted(places):
        yield Violation("a list has its order", where, str(sorted(places)[:5]), str(places[:5]))
    for key, one in zip(names, listed):
        row = rows.get(key)
        if row is None:
            continue
        stored = type(one).FromString(row.body)
        etag_is_wrong = "etag" in one.DESCRIPTOR.fields_by_name and one.etag != f'"{row.version}"'
        if bare(one) != bare(stored) or etag_is_wrong:
            yield Violation("an answer is what is stored", "/".join(key), f"version {row.version}: {stored}", str(one))


def _check_ins(client: Client, state: State, organization: str, admin: Identity) -> Iterator[Violation]:
    """Of some objectives, latest first."""
    of_objective: dict[str, dict[Key, Row]] = {}
    for key, row in state.table("checkins.check_ins").items():
        if key[0] == organization:
            of_objective.setdefault(key[1].split("/keyResults/")[0], {})[key] = row
    objectives = state.table("goals.objectives")
    alive = [name for name in of_objective if objectives[(organization, name)].columns["deleted"] == "0"]
    for name in sorted(alive)[:_MOST]:
        gone = {
            key[1]
            for key, row in state.table("goals.key_results").items()
            if key[0] == organization and row.columns["objective"] == name and row.columns["deleted"] == "1"
        }
        rows = {key: row for key, row in of_objective[name].items() if key[1].split("/checkIns/")[0] not in gone}
        fields = {"parent": f"organizations/{organization}/{name}/keyResults/-"}
        yield from _compare(
            client, "ListCheckIns", "check_ins", fields, admin, rows, lambda row: -int(row.columns["effective_time"])
        )


def _inboxes(client: Client, state: State, organization: str) -> Iterator[Violation]:
    people = [(key, row) for key, row in state.table("goals.people").items() if key[0] == organization]
    for (_, name), row in people[:_MOST]:
        who = Identity(organization, row.columns["lookup"], "ADMIN" if name == "people/admin" else "MEMBER")
        person = requests.make("GetPerson", name=f"organizations/{organization}/{name}")
        answer = client.read("GetPerson", person, Identity(organization, "admin", "ADMIN"))
        if answer.ok and answer.message.state == 2:
            continue  # May not look into anything.
        rows = {
            key: one
            for key, one in state.table("notifications.notifications").items()
            if key[0] == organization and one.columns["recipient"] == name
        }
        fields = {"parent": f"organizations/{organization}/{name}"}
        yield from _compare(
            client,
            "ListNotifications",
            "notifications",
            fields,
            who,
            rows,
            lambda one: -int(one.columns["create_time"]),
        )
        listed = client.read("ListNotifications", requests.make("ListNotifications", **fields), who)
        unread = sum(bool(one.columns["unread"]) for one in rows.values())
        if listed.ok and listed.message.unread_count != unread:
            yield Violation("unread notifications are counted", name, str(unread), str(listed.message.unread_count))


def _logs(client: Client, state: State, organization: str) -> Iterator[Violation]:
    """The big organization's shard of each log, page by page from any replica."""
    shard = shard_of(organization)
    for service in ("goals", "checkins", "scoring", "notifications"):
        found: list[tuple[int, str]] = []
        request = requests.make("ListEvents", filter={"shard": shard}, page_size=500)
        while True:
            replica = f"{service}-{client.random.randrange(client.installation.options.replicas)}"
            answer = client.read("ListEvents", request, Identity("*", "okr-suite", "SERVICE"), replica=replica)
            if not answer.ok:
                yield Violation(
                    "everything can be listed", f"{service}-{shard}", "events", f"{answer.code} {answer.reason}"
                )
                break
            found += [(event.position.position, event.id) for event in answer.message.events]
            if not answer.message.events:
                break
            request.after.CopyFrom(answer.message.last)
        wanted = [(event.position, event.id) for event in state.logs[(service, shard)]]
        if found != wanted:
            yield Violation(
                "the log is served as it is", f"{service}-{shard}", f"{len(wanted)} events", f"{len(found)}, or others"
            )
