#!/usr/bin/python3
"""aiohttp, with its C parser: one session, a connector that allows as many connections as there are requests in flight,
read buffers of 1 MiB for large bodies, and uvloop if the first argument is --uvloop. What follows, and what is printed:
peers/load.hpp."""

import asyncio
import resource
import ssl
import sys
import time

import aiohttp

STREAMED_FROM = 16 << 20
COMPARED_UP_TO = 4096


class Load:
    def __init__(self, url, count, concurrency, size, ca_file=None):
        self.url, self.count, self.concurrency, self.size, self.ca_file = (
            url, int(count), int(concurrency), int(size), ca_file)
        self.expected = b"x" * self.size if self.size <= COMPARED_UP_TO else None


async def request(session, load):
    async with session.get(load.url) as response:
        if load.size >= STREAMED_FROM:
            length = 0
            async for piece in response.content.iter_any():
                length += len(piece)
        else:
            body = await response.read()
            length = len(body)
            if load.expected is not None and body != load.expected:
                sys.exit("a wrong body")
        if response.status != 200 or length != load.size:
            sys.exit("a wrong answer")


async def run(session, load, count):
    turns = iter(range(count))

    async def work():
        for _ in turns:
            await request(session, load)

    await asyncio.gather(*(work() for _ in range(load.concurrency)))


def cpu_seconds():
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


async def main(load):
    verified = ssl.create_default_context(cafile=load.ca_file) if load.ca_file else None
    connector = aiohttp.TCPConnector(limit=load.concurrency, ssl=verified)
    read_size = 2**20 if load.size > COMPARED_UP_TO else 2**16
    async with aiohttp.ClientSession(connector=connector, read_bufsize=read_size) as session:
        await run(session, load, 2 * load.concurrency)
        cpu, begun = cpu_seconds(), time.monotonic()
        await run(session, load, load.count)
        print(f"{load.count} {cpu_seconds() - cpu:.6f} {time.monotonic() - begun:.6f}")


if __name__ == "__main__":
    arguments = sys.argv[1:]
    if arguments[:1] == ["--uvloop"]:
        import uvloop
        uvloop.install()
        arguments = arguments[1:]
    asyncio.run(main(Load(*arguments)))
