"""websocket_echo.py PORT: echoes over WebSockets; closes with code 4000 and a reason when told "close"."""

import asyncio
import sys

from websockets.asyncio.server import serve


async def echo(connection):
    async for message in connection:
        if message == "close":
            await connection.close(4000, "as you wish")
        elif message == "ping":
            await (await connection.ping("from the server"))
            await connection.send("pong")
        else:
            await connection.send(message)


def choose_subprotocol(_connection, offered):
    return "echo" if "echo" in offered else None


async def main():
    port = int(sys.argv[1])
    async with serve(echo, "127.0.0.1", port, max_size=None,
                     select_subprotocol=choose_subprotocol):
        print("listening")
        await asyncio.Future()


asyncio.run(main())
