// Started by the first test that asks; ended with the program.

#include "tests/support/python_server.hpp"

#include <vector>

namespace rondo::test {
namespace {

constexpr const char* kHttpbin = R"(
import sys
from httpbin import app
app.run(host="127.0.0.1", port=int(sys.argv[1]), threaded=True)
)";

constexpr const char* kAiohttp = R"(
import asyncio, email.utils, hashlib, sys, time, zstandard
from aiohttp import web

async def echo(request):
    body = await request.read()
    if request.headers.get("Content-Encoding") == "zstd":
        body = zstandard.ZstdDecompressor().decompressobj().decompress(body)
    chunked = request.headers.get("Transfer-Encoding", "")
    return web.Response(text="\n".join([
        request.method, "%d.%d" % request.version, request.headers.get("Content-Type", "-"),
        request.headers.get("Content-Encoding", "-"), str(len(body)),
        hashlib.sha256(body).hexdigest(), chunked or "-"]))

async def form(request):
    lines = []
    async for part in await request.multipart():
        content = await part.read()
        lines.append("%s %s %s %d" % (
            part.name, part.filename, part.headers.get("Content-Type", "-"), len(content)))
    return web.Response(text="\n".join(lines))

async def refuse_expectation(request):
    raise web.HTTPRequestEntityTooLarge(max_size=1, actual_size=2)

async def stream(request):
    response = web.StreamResponse()
    response.enable_chunked_encoding()
    await response.prepare(request)
    for digit in range(10):
        await response.write(b"%d" % digit)
    return response

async def events(request):
    return web.Response(content_type="text/event-stream",
                        text="id: 1\ndata: a\n\nevent: x\ndata: b\ndata: c\n\ndata: d\n\n")

arrivals = {}

def arrive(request):
    times = arrivals.setdefault(request.query["key"], [])
    times.append(time.monotonic())
    return len(times)

async def arrived(request):
    times = arrivals.get(request.query["key"], [])
    return web.Response(text=" ".join("%d" % ((t - times[0]) * 1000) for t in times))

async def busy(request):
    if arrive(request) > int(request.query["times"]):
        return web.Response(text="here")
    after = request.query.get("after")
    if request.query.get("date"):
        after = email.utils.formatdate(time.time() + int(after), usegmt=True)
    return web.Response(status=503, headers={"Retry-After": after} if after else {})

async def first_hangs(request):
    number = arrive(request)
    if number == 1:
        await asyncio.sleep(3600)
    return web.Response(text=str(number))

app = web.Application(client_max_size=1 << 30)
app.router.add_route("*", "/echo", echo)
app.router.add_post("/form", form)
app.router.add_post("/refuse", echo, expect_handler=refuse_expectation)
app.router.add_get("/stream", stream)
app.router.add_get("/events", events)
app.router.add_get("/busy", busy)
app.router.add_get("/first-hangs", first_hangs)
app.router.add_get("/arrived", arrived)
web.run_app(app, host="127.0.0.1", port=int(sys.argv[1]), print=None)
)";

}  // namespace

PythonServer::PythonServer(const std::string& program)
    : server_(
          [file = directory_.write("server.py", program)](int port) {
            return std::vector<std::string>{"/usr/bin/python3", file.string(),
                                            std::to_string(port)};
          },
          directory_.path() / "log") {}

const PythonServer& PythonServer::httpbin() {
  static const PythonServer server(kHttpbin);
  return server;
}

const PythonServer& PythonServer::aiohttp() {
  static const PythonServer server(kAiohttp);
  return server;
}

}  // namespace rondo::test
