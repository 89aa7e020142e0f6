"""A JSON API that a test plays: records in memory, in the shape of the test."""

import json
from collections.abc import Callable
from typing import Any

from tests.integration.homes.hostile import SECRET, Connection

Record = dict[str, Any]


class Api:
    """Records by id. `shape` builds the answer of a record; `shown` what of a record is shown to visitors."""

    def __init__(
        self,
        *records: Record,
        shape: Callable[[Record], Any] = lambda record: {"data": record},
        shown: Callable[[Record], Record] = lambda record: record,
    ) -> None:
        self.records = {str(record["id"]): record for record in records}
        self.bodies: list[Any] = []
        self.content_types: list[str] = []
        self._shape, self._shown = shape, shown
        self.etag = ""
        self.heads: list[str] = []
        self.after_first_read: Callable[[], object] | None = None
        self.take: Callable[[Record, Any], None] = lambda record, body: record.update(body["data"])

    def __call__(self, connection: Connection) -> None:
        """Answer a request."""
        asked = connection.asked
        record = self.records.get(asked.path.rpartition("/")[2])
        if asked.method == "GET" and record is None:
            connection.answer(json.dumps({"data": list(self.records.values())}))
        elif record is None:
            connection.answer("{}", 404)
        else:
            if asked.method != "GET":
                self.heads.append(asked.head.lower())
                self.bodies.append(json.loads(asked.body))
                self.content_types.append(_header(asked.head, "content-type"))
                self.take(record, self.bodies[-1])
            is_visitor = SECRET not in asked.head
            answer = json.dumps(self._shape(self._shown(record) if is_visitor else record))
            if self.after_first_read:
                act, self.after_first_read = self.after_first_read, None
                act()
            connection.answer(answer, headers={"ETag": self.etag})


def _header(head: str, name: str) -> str:
    rows = (row.partition(":") for row in head.splitlines())
    return next((value.strip() for found, _, value in rows if found.lower() == name), "")
