"""An attacker: many connections that each send a head, and as much of a body as they are told. In a process of its own.

It goes on until its standard input ends; then it prints the statuses that it got.
"""

import asyncio
import json
import random
import socket
import struct
import sys
import time
from collections import Counter
from contextlib import suppress
from dataclasses import asdict, dataclass
from ipaddress import IPv4Address
from typing import Any, ClassVar

_SLICE = 65_536


@dataclass(frozen=True, kw_only=True)
class Attack:
    """What each connection does, and how many there are."""

    module: ClassVar[str] = "tests.acceptance.attacks.attacker"
    head: str  # the request with its header fields; lines end with LF here. `{now}` becomes the time in seconds,
    # `{number}` the number of the request, in eight digits, `{address}` any address, another one each time
    connections: int
    whole_head: bool = True  # end the head with an empty line
    text: str = ""  # the beginning of the body, with `{number}`, too
    body: int = 0  # further bytes that are sent, below 0 without end; then the connection is held
    chunked: bool = False
    piece: int = _SLICE  # bytes of a write
    pause_s: float = 0.0  # between two writes
    again: bool = True  # begin anew when the connection ends
    reads: bool = True  # read the answer
    stays: bool = False  # ask again on the same connection, as a proxy does
    resets: bool = False  # close the connection once all is sent, without the courtesies
    addresses: tuple[str, ...] = ("127.0.0.1",)  # of the attackers, in turn

    def order(self, port: int) -> str:
        """Write the order for a process."""
        return json.dumps({**asdict(self), "port": port})


class Attacker:
    """All connections of an attack."""

    def __init__(self, port: int, attack: Attack) -> None:
        self._port, self._attack = port, attack
        self._counts: Counter[str] = Counter()
        self._ended = asyncio.Event()

    async def run(self) -> dict[str, int]:
        """Attack until standard input ends; return how often each status was got, and how many connections began."""
        tasks = [asyncio.create_task(self._repeat(number)) for number in range(self._attack.connections)]
        await asyncio.to_thread(sys.stdin.read)
        self._ended.set()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        return dict(self._counts)

    async def _repeat(self, number: int) -> None:
        address = self._attack.addresses[number % len(self._attack.addresses)]
        while not self._ended.is_set():
            try:
                await self._once(address)
            except (OSError, EOFError) as error:
                self._counts[type(error).__name__] += 1
                await asyncio.sleep(0.1)
            if not self._attack.again:
                return

    async def _once(self, address: str) -> None:
        own = (address, 0) if address != "127.0.0.1" else None  # a look for a free port takes long
        reader, writer = await asyncio.open_connection("127.0.0.1", self._port, local_addr=own)
        self._counts["connections"] += 1
        if self._attack.resets:
            writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        sending = asyncio.create_task(self._send(writer))
        try:
            if self._attack.resets:
                await sending
                writer.transport.abort()
            elif self._attack.reads:
                while await self._read(reader) and self._attack.stays and not self._ended.is_set():
                    await sending
                    sending = asyncio.create_task(self._send(writer))
            else:
                await sending
                await self._ended.wait()
        finally:
            sending.cancel()
            with suppress(OSError, asyncio.CancelledError):
                await sending
            writer.close()

    async def _read(self, reader: asyncio.StreamReader) -> bool:
        """Read an answer, and note its status; return whether the connection stays open."""
        line = await reader.readline()
        self._counts[line.split()[1].decode() if line else "no answer"] += 1
        self._counts["answers"] += 1
        fields = dict[bytes, bytes]()
        if self._attack.stays:
            while (field := await reader.readline()) not in (b"\r\n", b""):
                name, _, value = field.partition(b":")
                fields[name.lower()] = value.strip()
        if b"content-length" not in fields or fields.get(b"connection") == b"close":
            while await reader.read(_SLICE):
                pass
            return False
        await reader.readexactly(int(fields[b"content-length"]))
        return True

    async def _send(self, writer: asyncio.StreamWriter) -> None:
        attack, left = self._attack, self._attack.body
        number = f"{self._counts['connections'] + self._counts['answers']:08}"
        address = str(IPv4Address(random.randrange(0x0B000000, 0x7F000000)))
        head = attack.head.replace("{now}", str(int(time.time()))).replace("{number}", number)
        head = head.replace("{address}", address).replace("\n", "\r\n")
        text = attack.text.replace("{number}", number)
        writer.write(head.encode() + (b"\r\n" if attack.whole_head else b"") + text.encode())
        await writer.drain()
        while left != 0:
            part = b"x" * (attack.piece if left < 0 else min(left, attack.piece))
            writer.write(b"%x\r\n%b\r\n" % (len(part), part) if attack.chunked else part)
            await writer.drain()
            left = left if left < 0 else left - len(part)
            if attack.pause_s:
                await asyncio.sleep(attack.pause_s)


async def _main() -> dict[str, int]:
    order: dict[str, Any] = json.loads(sys.stdin.readline())
    return await Attacker(order.pop("port"), Attack(**order)).run()


if __name__ == "__main__":
    sys.stdout.write(json.dumps(asyncio.run(_main())))
