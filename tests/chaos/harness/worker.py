"""What a client does: one random thing after the other."""

import concurrent.futures
import dataclasses
import random
import time
import uuid
from collections.abc import Callable, Sequence
from typing import Any

from . import requests
from .actor import Actor, is_away
from .api import Client, Identity
from .history import Outcome, Violation
from .world import Known, World


class Worker(Actor):
    """Does everything that the contracts offer, most often what is done most often."""

    def __init__(self, client: Client, worlds: Sequence[World]) -> None:
        super().__init__(client, worlds)
        self._actions: list[tuple[Callable[[], None], float]] = [
            (self._check_in, 30),
            (self._batch, 4),
            (self._burst, 1.5),
            (self._objective, 5),
            (self._key_result, 8),
            (self._update_objective, 4),
            (self._update_key_result, 4),
            (self._activate_objective, 5),
            (self._align, 4),
            (self._unalign, 1),
            (self._retire_objective, 0.5),
            (self._delete_objective, 0.5),
            (self._retire_key_result, 0.6),
            (self._delete_key_result, 0.6),
            (self._person, 1),
            (self._update_person, 1),
            (self._team, 1),
            (self._update_team, 1),
            (self._delete_team, 0.3),
            (self._update_organization, 0.15),
            (self._update_cycle, 0.3),
            (self._move_cycle, 1.2),
            (self._grade, 5),
            (self._mark_read, 2),
            (self._read, 12),
            (self._read_foreign, 1),
        ]

    def step(self) -> None:
        """One thing."""
        self.world = self.worlds[0] if self.rng.random() < 0.5 else self.rng.choice(self.worlds)
        actions, weights = zip(*self._actions)
        self.rng.choices(actions, weights)[0]()

    # Writing.

    def _key_result_to_check(self) -> Known | None:
        world = self.world
        if world.hot and self.rng.random() < 0.15:
            with world.lock:
                hot = [world.key_results[name] for name in world.hot if name in world.key_results]
            if hot:
                return self.rng.choice(hot)
        if self.rng.random() < 0.93:
            return world.pick_to_check_in(self.rng)
        return world.pick_of_cycle(world.key_results, self.rng, (1, 2, 3, 4))

    def _check_in(self) -> None:
        if known := self._key_result_to_check():
            self.write("CreateCheckIn", requests.check_in(self.world, self.rng, known))

    def _batch(self) -> None:
        """Several of each of a few key results, so that members of one transaction meet on the same rows."""
        few = [known for known in (self._key_result_to_check() for _ in range(3)) if known]
        made = [
            (requests.check_in(self.world, self.rng, self.rng.choice(few)), self.new_request_id())
            for _ in range(self.rng.randint(2, 20) if few else 0)
        ]
        if not made:
            return
        for operation in self.client.write_batch(made, self.admin()):
            self.look_at(operation)
            if operation.outcome is Outcome.ACKNOWLEDGED:
                self.world.learn(operation.response_message())

    def _burst(self) -> None:
        """Many change one resource at the same moment: they fall into few transactions, and none is lost."""
        known = self.world.pick_open(self.world.key_results, self.rng)
        if known is None:
            return

        def change(client: Client, title: str) -> None:
            request = requests.make(
                "UpdateKeyResult", key_result={"name": known.name, "title": title}, update_mask={"paths": ["title"]}
            )
            client.write(
                "UpdateKeyResult", request, self.admin(), str(uuid.UUID(int=client.random.getrandbits(128), version=4))
            )

        clients = [
            dataclasses.replace(self.client, random=random.Random(self.rng.random()))
            for _ in range(self.rng.randint(4, 10))
        ]
        titles = [f"{requests.words(self.rng)} {number}" for number in range(len(clients))]
        with concurrent.futures.ThreadPoolExecutor(len(clients)) as pool:
            list(pool.map(change, clients, titles))

    def _objective(self) -> None:
        cycle = self.world.cycle(self.rng, (1, 2)) if self.rng.random() < 0.95 else self.world.cycle(self.rng, (3, 4))
        if cycle and self.world.count(self.world.objectives, (1, 2)) < 150:
            self.write("CreateObjective", requests.objective(self.world, self.rng, cycle))

    def _key_result(self) -> None:
        objective = self.world.pick_of_cycle(self.world.objectives, self.rng, (1, 2))
        if objective and self.world.count(self.world.key_results, (1, 2)) < 400:
            operation = self.write("CreateKeyResult", requests.key_result(self.world, self.rng, objective))
            if operation.outcome is Outcome.ACKNOWLEDGED and len(self.world.hot) < 3:
                self.world.hot.append(operation.response_message().name)

    def _update_objective(self) -> None:
        if known := self.world.pick_open(self.world.objectives, self.rng):
            change = self.rng.choice(
                (
                    {"title": requests.words(self.rng)},
                    {"roll_up": self.rng.choice((1, 2))},
                    {"commitment": self.rng.choice((1, 2, 3))},
                    {"why": requests.words(self.rng)},
                )
            )
            self.write(
                "UpdateObjective",
                requests.make(
                    "UpdateObjective",
                    objective={"name": known.name, "etag": self.etag(known), **change},
                    update_mask={"paths": list(change)},
                ),
            )

    def _update_key_result(self) -> None:
        if known := self.world.pick_open(self.world.key_results, self.rng):
            change: dict[str, Any] = self.rng.choice(
                (
                    {"title": requests.words(self.rng)},
                    {"weight": self.rng.choice((0.2, 1.0, 4.0))},
                    requests.kind(self.rng),
                    {"commitment": self.rng.choice((1, 2, 3))},
                )
            )
            self.write(
                "UpdateKeyResult",
                requests.make(
                    "UpdateKeyResult",
                    key_result={"name": known.name, "etag": self.etag(known), **change},
                    update_mask={"paths": list(change)},
                ),
            )

    def _activate_objective(self) -> None:
        with self.world.lock:
            cycles = {known.name for known in self.world.cycles.values() if known.message.state in (1, 2)}
            drafts = [
                known
                for known in self.world.objectives.values()
                if known.alive and known.message.state == 1 and known.message.cycle in cycles
            ]
        if drafts:
            known = self.rng.choice(drafts)
            self.write("ActivateObjective", requests.make("ActivateObjective", name=known.name, etag=self.etag(known)))

    def _align(self) -> None:
        child = self.world.pick_of_cycle(self.world.objectives, self.rng, (1, 2))
        shelf = self.world.objectives if self.rng.random() < 0.85 else self.world.key_results
        parent = self.world.pick_of_cycle(shelf, self.rng, (1, 2))
        if child and parent:
            self.write(
                "AlignObjective",
                requests.make(
                    "AlignObjective",
                    name=child.name,
                    etag=self.etag(child),
                    alignment=requests.alignment(parent.name, self.rng),
                ),
            )

    def _unalign(self) -> None:
        child = self.world.pick_open(self.world.objectives, self.rng)
        if child and child.message.alignments:
            parent = self.rng.choice(list(child.message.alignments)).parent
            self.write("UnalignObjective", requests.make("UnalignObjective", name=child.name, parent=parent))

    def _end(self, method: str, shelf: dict[str, Known], **fields: Any) -> None:
        pick = self.world.pick if shelf is self.world.teams else self.world.pick_open
        if known := pick(shelf, self.rng):
            self.write(method, requests.make(method, name=known.name, etag=self.etag(known), **fields))

    def _retire_objective(self) -> None:
        other = self.world.pick(self.world.objectives, self.rng) if self.rng.random() < 0.4 else None
        self._end(
            "RetireObjective",
            self.world.objectives,
            reason=requests.words(self.rng),
            superseded_by=other.name if other else "",
        )

    def _delete_objective(self) -> None:
        self._end("DeleteObjective", self.world.objectives, allow_missing=self.rng.random() < 0.2)

    def _retire_key_result(self) -> None:
        self._end("RetireKeyResult", self.world.key_results, reason=requests.words(self.rng))

    def _delete_key_result(self) -> None:
        self._end("DeleteKeyResult", self.world.key_results, allow_missing=self.rng.random() < 0.2)

    def _person(self) -> None:
        if len(self.world.people) < 40:
            self.write("CreatePerson", requests.person(self.world, self.rng, self.rng.random() < 0.3), self.admin())

    def _update_person(self) -> None:
        known = self.world.pick(self.world.people, self.rng)
        if known and not known.name.endswith("/admin"):
            state = 2 if self.rng.random() < 0.2 else 1
            self.write(
                "UpdatePerson",
                requests.make(
                    "UpdatePerson",
                    person={
                        "name": known.name,
                        "etag": self.etag(known),
                        "state": state,
                        "display_name": requests.words(self.rng, 2),
                    },
                    update_mask={"paths": ["display_name", "state"]},
                ),
            )

    def _team(self) -> None:
        if len(self.world.teams) < 25:
            self.write("CreateTeam", requests.team(self.world, self.rng))

    def _update_team(self) -> None:
        if known := self.world.pick(self.world.teams, self.rng):
            made = requests.team(self.world, self.rng).team
            made.name, made.etag = known.name, self.etag(known)
            self.write(
                "UpdateTeam",
                requests.make(
                    "UpdateTeam",
                    team=made,
                    update_mask={"paths": [self.rng.choice(("members", "parent", "display_name"))]},
                ),
            )

    def _delete_team(self) -> None:
        self._end("DeleteTeam", self.world.teams, allow_missing=self.rng.random() < 0.2)

    def _update_organization(self) -> None:
        change: dict[str, Any] = self.rng.choice(
            (
                {"time_zone": self.rng.choice(requests.ZONES)},
                {"default_roll_up": self.rng.choice((1, 2))},
                {"display_name": requests.words(self.rng, 2)},
            )
        )
        self.write(
            "UpdateOrganization",
            requests.make(
                "UpdateOrganization",
                organization={"name": self.world.name, **change},
                update_mask={"paths": list(change)},
            ),
        )

    def _update_cycle(self) -> None:
        if known := self.world.pick(self.world.cycles, self.rng):
            made = requests.cycle(self.world, self.rng).cycle
            made.name, made.etag = known.name, self.etag(known)
            self.write(
                "UpdateCycle",
                requests.make(
                    "UpdateCycle",
                    cycle=made,
                    update_mask={"paths": self.rng.choice((["display_name"], ["check_in_schedule"], ["end_date"]))},
                ),
            )

    def _move_cycle(self) -> None:
        """One step in the life of the organization's cycles; there is always one that is being worked on."""
        world = self.world
        if world.cycle(self.rng, (1,)) is None:
            self.write("CreateCycle", requests.cycle(world, self.rng), self.admin())
        elif world.cycle(self.rng, (2,)) is None:
            self._step_cycle("ActivateCycle", (1,))
        elif world.cycle(self.rng, (3,)) is not None:
            self._step_cycle("CloseCycle", (3,))
        elif world.count(world.key_results, (2,)) > 25 or self.rng.random() < 0.1:
            self._step_cycle("OpenCycleGrading", (2,))
            if self.rng.random() < 0.4:  # At once: what others check in now is on its way still.
                self._step_cycle("CloseCycle", (3,))
        if self.rng.random() < 0.1:
            self._step_cycle(self.rng.choice(("ActivateCycle", "OpenCycleGrading", "CloseCycle")), (1, 3, 4))

    def _step_cycle(self, method: str, states: tuple[int, ...]) -> None:
        if known := self.world.cycle(self.rng, states):
            self.write(method, requests.make(method, name=known.name, etag=known.message.etag), self.admin())

    def _grade(self) -> None:
        states = (3,) if self.rng.random() < 0.95 else (2, 4)
        if known := self.world.pick_of_cycle(self.world.key_results, self.rng, states):
            self.write("GradeKeyResult", requests.grade(self.rng, known))

    def _mark_read(self) -> None:
        person = self.world.pick(self.world.people, self.rng)
        if person is None:
            return
        who = Identity(
            self.world.organization, person.message.subject, "ADMIN" if person.message.subject == "admin" else "MEMBER"
        )
        listed = self.client.read(
            "ListNotifications", requests.make("ListNotifications", parent=person.name, page_size=20), who
        )
        if not listed.ok:
            return
        self.only_own(listed.message.SerializeToString(), None)
        names = [one.name for one in listed.message.notifications]
        if names and self.rng.random() < 0.7:
            chosen = self.rng.sample(names, self.rng.randint(1, len(names)))
            self.write(
                "MarkNotificationsRead", requests.make("MarkNotificationsRead", parent=person.name, names=chosen), who
            )
        else:
            self.write(
                "MarkNotificationsRead",
                requests.make(
                    "MarkNotificationsRead", parent=person.name, all_before={"seconds": int(time.time()) - 5}
                ),
                who,
            )

    # Reading.

    def _read(self) -> None:
        world, rng = self.world, self.rng
        objective = world.pick(world.objectives, rng)
        key_result = world.pick(world.key_results, rng)
        cycle = world.pick(world.cycles, rng)
        team = world.pick(world.teams, rng)
        options: list[tuple[str, dict[str, Any]]] = [
            ("ListPeople", {"parent": world.name}),
            ("ListTeams", {"parent": world.name}),
            ("ListCycles", {"parent": world.name}),
            ("GetOrganization", {"name": world.name}),
        ]
        if objective and key_result and cycle:
            options += [
                ("GetObjective", {"name": objective.name}),
                ("GetKeyResult", {"name": key_result.name}),
                ("ListObjectives", {"parent": world.name, "cycle": cycle.name}),
                ("ListKeyResults", {"parent": objective.name}),
                ("ListCheckIns", {"parent": key_result.name}),
                ("GetAlignmentTree", {"parent": world.name, "cycle": cycle.name, "include_key_results": True}),
                ("GetKeyResultScore", {"name": key_result.name}),
                ("GetObjectiveScore", {"name": objective.name}),
                ("ListDueCheckIns", {"parent": world.name}),
                ("GetCycleReport", {"cycle": cycle.name}),
            ]
        if team and cycle:
            options.append(("GetTeamScorecard", {"team": team.name, "cycle": cycle.name, "include_sub_teams": True}))
        method, fields = rng.choice(options)
        answer = self.client.read(method, requests.make(method, **fields), self.somebody())
        if answer.ok:
            self.only_own(answer.message.SerializeToString(), None)

    def _read_foreign(self) -> None:
        """What belongs to another organization is not even looked at."""
        other = self.rng.choice([world for world in self.worlds if world is not self.world] or [self.world])
        objective = other.pick(other.objectives, self.rng)
        if other is self.world or objective is None:
            return
        method, fields = self.rng.choice(
            (
                ("GetObjective", {"name": objective.name}),
                ("GetObjectiveScore", {"name": objective.name}),
                ("ListCheckIns", {"parent": objective.name + "/keyResults/-"}),
                ("ListPeople", {"parent": other.name}),
                ("ListNotifications", {"parent": other.name + "/people/admin"}),
            )
        )
        answer = self.client.read(method, requests.make(method, **fields), self.admin())
        if answer.ok or (answer.reason != "WRONG_ORGANIZATION" and not is_away(answer)):
            self.client.history.violate(
                Violation(
                    "nothing of another organization",
                    objective.name,
                    "WRONG_ORGANIZATION",
                    f"{method}: {answer.code} {answer.reason}",
                )
            )
