"""A real Temporal server with its web pages, from the binary that comes with the Python packages."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

from temporalio.api.workflowservice.v1 import DescribeNamespaceRequest
from temporalio.client import Client
from temporalio.service import RetryConfig, RPCError

from demo.ports import free_port, somebody_listens
from demo.processes import Process
from workflows.attributes import KEYS

NAMESPACE = "default"
POLLS_PER_SECOND = 10000
DYNAMIC_CONFIG = {
    # Lets the demo's clock and the tests move time.
    "frontend.WorkflowTimeSkippingEnabled": "true",
    "history.timerProcessorMaxTimeShift": '"1ms"',
    # Twenty a second by default, which shows as steps of 50 ms with the one shard of this server.
    **{f"history.{queue}ProcessorMaxPollRPS": str(POLLS_PER_SECOND) for queue in ("transfer", "timer", "visibility", "outbound")},
}


def binary() -> Path:
    """Where the `temporal` program of this Python environment is."""
    return Path(sys.prefix) / "bin" / "temporal"


def dynamic_config() -> Sequence[str]:
    """The command-line words that tune the server for one machine, allow time to be skipped and name what is searched by."""
    tuned = [word for name, value in DYNAMIC_CONFIG.items() for word in ("--dynamic-config-value", f"{name}={value}")]
    return [*tuned, *(word for key in KEYS for word in ("--search-attribute", f"{key.name}=Keyword"))]


class Temporal:
    """One Temporal server that keeps its state in the file `database`, with its web pages on `ui_port`.

    `codec` is the address at which those pages have payloads opened.
    """

    def __init__(self, database: Path, *, port: int = 0, ui_port: int = 0, log: Path | None = None, codec: str | None = None) -> None:
        self._database = database
        self._codec = codec
        self.port = port or free_port()
        self.ui_port = ui_port or free_port()
        self.process = Process("Temporal", self._command(), log=log or database.with_suffix(".log"))

    @property
    def address(self) -> str:
        """Where clients find it, as `host:port`."""
        return f"127.0.0.1:{self.port}"

    async def start(self) -> None:
        """Start it and wait until its namespace answers. Raises ProgramFailed."""
        self._database.parent.mkdir(parents=True, exist_ok=True)
        self.process.start()
        await self.process.answering(self._answers)

    async def stop(self) -> None:
        """Stop it in good order."""
        await self.process.stop()

    async def kill(self) -> None:
        """Take the power away, as kill -9 does."""
        await self.process.kill()

    def _command(self) -> Sequence[str]:
        where = ["--ip", "127.0.0.1", "--port", str(self.port), "--ui-port", str(self.ui_port), "--db-filename", str(self._database)]
        where += ["--ui-codec-endpoint", self._codec] if self._codec else []
        return [str(binary()), "server", "start-dev", *where, "--namespace", NAMESPACE, "--log-level", "error", *dynamic_config()]

    async def _answers(self) -> bool:
        # The SDK waits ten seconds for a server that is not there yet, so the port is asked first.
        if not await somebody_listens(self.port) or not await somebody_listens(self.ui_port):
            return False
        try:
            client = await Client.connect(self.address, retry_config=RetryConfig(max_elapsed_time_millis=1000))
            await client.workflow_service.describe_namespace(DescribeNamespaceRequest(namespace=NAMESPACE))
        except (RPCError, RuntimeError):
            return False
        return True
