"""The real server in a process of its own, over an instance folder of its own, as an operator runs it.

site = Site(folder, blanks)
site.start()          # returns when it answers
site.kill()           # SIGKILL to every process of it, as when the power goes
site.start()          # the same folder, the same address
"""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

REPOSITORY = Path(__file__).parents[2]
PATIENCE = 30  # seconds a start may take on a busy machine


def free_port() -> int:
    """A port of this machine that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


class Site:
    """`limpio serve` with development settings. `log` is what it wrote, all starts together."""

    command: tuple[str, ...] = ("-m", "webapp.cli", "serve")

    def __init__(self, folder: Path, blanks: Path, **environ: str) -> None:
        self.instance = folder / "instance"
        self.log = folder / "server.log"
        self.port = free_port()
        self.address = f"http://127.0.0.1:{self.port}"
        self._environ = {
            **{name: value for name, value in os.environ.items() if not name.startswith(("LIMPIO_", "FLASK_"))},
            "LIMPIO_ENV": "development",
            "LIMPIO_INSTANCE": str(self.instance),
            "LIMPIO_BLANKS": str(blanks),
            "LIMPIO_PORT": str(self.port),
            **environ,
        }
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def running(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def start(self) -> None:
        """Returns when the site says that it is well."""
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, *self.command],
                cwd=REPOSITORY,
                env=self._environ,
                stdout=log,
                stderr=log,
                start_new_session=True,  # a process group of its own: `kill` reaches its workers and nothing else
            )
        end = time.monotonic() + PATIENCE
        while not self._well():
            if time.monotonic() > end or not self.running:
                raise AssertionError(f"the server did not start:\n{self.log.read_text(encoding='utf-8')[-3000:]}")
            time.sleep(0.05)

    def _well(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.address}/healthz", timeout=5) as answer:  # noqa: S310 - our own address
                return bool(answer.status == 200)
        except (urllib.error.URLError, OSError):
            return False

    def kill(self) -> None:
        """Ends every process of the server at once, without asking it."""
        self._signal(signal.SIGKILL)

    def stop(self) -> None:
        """Asks the server to end, as an operator does."""
        self._signal(signal.SIGTERM)

    def _signal(self, number: signal.Signals) -> None:
        process, self._process = self._process, None
        if process is None or process.poll() is not None:
            return
        os.killpg(process.pid, number) if number is signal.SIGKILL else process.send_signal(number)
        try:
            process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait(PATIENCE)
            raise
