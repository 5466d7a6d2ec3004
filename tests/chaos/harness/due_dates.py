"""When check-ins are due: the ends of certain days in the organization's zone."""

import datetime
from typing import Any

from .arithmetic import NANOS, civil, end_of_day, start_of_day

_WEEKLY, _EVERY_TWO_WEEKS, _MONTHLY = 1, 2, 3
_FRIDAY = 5


class DueDates:
    """Of a key result under the schedule of its cycle."""

    def __init__(self, cycle: Any, key_result: Any, zone: str) -> None:
        schedule = cycle.check_in_schedule
        self._cadence = schedule.cadence or _WEEKLY
        self._weekday = schedule.weekday or _FRIDAY
        self._origin = civil(cycle.start_date)
        self._first = civil(key_result.start_date) if key_result.HasField("start_date") else self._origin
        self._last = civil(key_result.due_date) if key_result.HasField("due_date") else civil(cycle.end_date)
        self._zone = zone
        self.start = start_of_day(self._first, zone)

    def _is_due(self, day: datetime.date) -> bool:
        if day.isoweekday() != self._weekday:
            return False
        if self._cadence == _MONTHLY:
            return (day + datetime.timedelta(days=7)).month != day.month
        return self._cadence == _WEEKLY or (day - self._origin).days % 14 >= 7

    def first_after(self, time: int) -> int | None:
        """The first due time that is later."""
        day = self._first
        if time > self.start:
            day = max(
                day,
                (
                    datetime.datetime.fromtimestamp(time // NANOS, datetime.timezone.utc) - datetime.timedelta(days=2)
                ).date(),
            )
        while day <= self._last:
            if self._is_due(day) and end_of_day(day, self._zone) > time:
                return end_of_day(day, self._zone)
            day += datetime.timedelta(days=1)
        return None
