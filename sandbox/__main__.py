"""`python -m sandbox`: the whole simulated world as one process.

When it is ready it prints one JSON line with every address, then serves until SIGTERM or Ctrl-C.
"""

from __future__ import annotations

import argparse
import gc
import ipaddress
import json
import os
import signal
import sys
import tempfile
import threading
from pathlib import Path
from typing import Any


def parse(arguments: list[str] | None = None) -> argparse.Namespace:
    """The command line. Exits with status 2 and a sentence when it is wrong."""
    parser = argparse.ArgumentParser(prog="python -m sandbox", description=__doc__)
    parser.add_argument("--port", type=int, default=5000, help="AWS and /_sandbox/; 0 lets the system choose")
    parser.add_argument("--proxy-port", type=int, default=5001, help="HTTP CONNECT proxy for probes")
    parser.add_argument("--smtp-port", type=int, default=5002, help="mail server")
    parser.add_argument("--dns-port", type=int, default=5003, help="all name servers, at 127.0.0.1 and up")
    parser.add_argument("--speed", type=float, help="simulated seconds per real second")
    parser.add_argument("--settings", default="{}", help='knobs as JSON, like {"nlb_seconds": 3}')
    return parser.parse_args(arguments)


def bind_address() -> str:
    """Where to listen: loopback, unless SANDBOX_BIND says otherwise. Exits if that is no address."""
    address = os.environ.get("SANDBOX_BIND", "127.0.0.1")
    try:
        ipaddress.ip_address(address)
    except ValueError:
        sys.exit(f"SANDBOX_BIND must be an IP address, like 0.0.0.0; got {address!r}.")
    return address


def serve(options: argparse.Namespace, directory: Path) -> dict[str, Any]:
    """Starts everything, returns the addresses. OSError: a port is taken; ValueError: a wrong knob."""
    from sandbox.server import Server

    host = bind_address()
    # Bound before moto loads, which takes a second: a taken port is told at once.
    server = Server((host, options.port))

    from sandbox import world
    from sandbox.authority import Authority
    from sandbox.aws import accounts, reach
    from sandbox.aws.app import create_app
    from sandbox.clock import clock
    from sandbox.control.app import Control
    from sandbox.dns import server as dns
    from sandbox.mail import Outbox
    from sandbox.mail import serve as serve_mail
    from sandbox.proxy import Proxy

    if options.speed is not None:
        clock.set_speed(options.speed)
    world.settings.update(json.loads(options.settings))
    outbox, authority = Outbox(), Authority(directory)
    proxy = Proxy((host, options.proxy_port), reach.decide, authority, world.switches.hosts).start()
    mail = serve_mail(outbox, host, options.smtp_port)
    name_servers = dns.DnsServer(options.dns_port)
    dns.use(name_servers)
    resolvers = name_servers.start()
    server.start(Control(create_app(), outbox, authority.pem, shared="SANDBOX_BIND" in os.environ))
    keys = accounts.hub_credentials()
    return {
        "aws_endpoint_url": f"http://{host}:{server.port}",
        "probe_proxy": f"http://{host}:{proxy}",
        "email_url": f"smtp://{host}:{mail}",
        "dns_resolvers": resolvers,
        "control": f"http://{host}:{server.port}/_sandbox/",
        "ca_file": str(authority.ca_file),
        "hub": {"access_key_id": keys["aws_access_key_id"], "secret_access_key": keys["aws_secret_access_key"]},
    }


def main() -> None:
    """Runs until it is told to end, which takes less than a second: the world has nothing to save."""
    options = parse()
    ended = threading.Event()
    for sign in (signal.SIGTERM, signal.SIGINT):
        signal.signal(sign, lambda *_: ended.set())
    with tempfile.TemporaryDirectory(prefix="sandbox-") as directory:
        try:
            addresses = serve(options, Path(directory))
        except (OSError, ValueError) as error:
            sys.exit(f"The sandbox cannot start: {error}")
        gc.collect()
        gc.freeze()  # a look for garbage through all of moto would stop every answer for a tenth of a second
        gc.set_threshold(10_000, 20, 100)
        print(json.dumps(addresses), flush=True)
        ended.wait()
    # Nothing is left to save. Taking thousands of modules apart one by one would only take time.
    os._exit(0)


if __name__ == "__main__":
    main()
