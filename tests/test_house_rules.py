"""How this house is built, as rules that are carried out instead of remembered. Each test gives its rule's reason."""

from __future__ import annotations

import ast
import inspect
import os
import re
import subprocess
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

from database.connection import build_engine
from domain.refusals import Refusal
from gateways.http import outbound_client
from gateways.temporal import connect
from settings import WorkerSettings
from worker import wire
from workflows.sandbox import WORKFLOWS

HOUSE = Path(__file__).parent.parent
CATALOGUE = HOUSE / "web" / "locale" / "nb" / "LC_MESSAGES" / "messages.po"

LONGEST_FILE = 300
LONGEST_TEST_FILE = 400
LONGEST_FUNCTION = 25
FUNCTIONS_THAT_KEEP_TO_IT = 0.95

# What goes to production. The doors and the settings are single files.
PRODUCT = (
    *("activities/", "api/", "database/", "domain/", "gateways/", "web/", "workflows/"),
    *("audit.py", "server.py", "settings.py", "wiring.py", "worker.py"),
)
DOORS = ("audit.py", "server.py", "worker.py")
# A migration is written once and never edited, so its length bothers nobody.
MIGRATIONS = "database/migrations/versions/"
THE_SURROUNDINGS = ("audit.py", "server.py", "worker.py", "wiring.py", "settings.py", "demo/", "database/migrations/env.py", "tests/")

NO_NAMES = {"common", "core", "helper", "helpers", "misc", "service", "services", "util", "utils"}
BROAD = {"Exception", "BaseException"}
TEST_SWITCH = re.compile(r"(is_|in_|under_)?test(s|ing)?(_mode)?", re.IGNORECASE)
NOT_IN_A_WORKFLOW = {
    *("api", "database", "gateways", "web", "aiosmtplib", "fastapi", "httpx2", "jinja2", "psycopg", "sqlalchemy", "starlette"),
    *("os", "pathlib", "random", "secrets", "socket", "subprocess", "threading", "time"),
}
KEBAB_CASE = re.compile(r"[a-z]+(-[a-z]+)*")
PLACES = re.compile(r"%\((\w+)\)s")
# In pieces, so that this file does not name them.
NAMED_NOWHERE = (
    *("pypi" + ".org", "python" + "hosted", "registry" + ".npmjs", "npmjs" + ".org", "deb" + ".debian.org"),
    *("/wo" + "rk/", "/ro" + "ot/", "/ho" + "me/"),
)

Function = ast.FunctionDef | ast.AsyncFunctionDef
Rule = Callable[[ast.AST], Iterator[int]]


@dataclass(frozen=True)
class Source:
    """One file of Python."""

    path: str
    text: str

    @property
    def tree(self) -> ast.Module:
        """The file as Python reads it."""
        return ast.parse(self.text)

    def is_in(self, *places: str) -> bool:
        """Tell whether it is one of these files or stands under one of these folders."""
        return any(self.path == place or (place.endswith("/") and self.path.startswith(place)) for place in places)


@cache
def files() -> Sequence[str]:
    """List everything that is in the repository, or would be after the next commit."""
    command = ["git", "-C", str(HOUSE), "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, capture_output=True, check=True, text=True).stdout.split("\0")  # noqa: S603 - the words are ours
    return [path for path in listed if path and (HOUSE / path).is_file()]


@cache
def sources() -> Sequence[Source]:
    """Read every file of Python."""
    return [Source(path, (HOUSE / path).read_text("utf-8")) for path in files() if path.endswith(".py")]


def product() -> Sequence[Source]:
    """Read what goes to production."""
    return [source for source in sources() if source.is_in(*PRODUCT)]


def workflow_modules() -> Sequence[Source]:
    """Read what runs inside the sandbox; the front desk is the way to it from outside."""
    return [source for source in sources() if source.is_in("workflows/") and not source.is_in("workflows/front_desk/")]


def breaches(rule: Rule, where: Sequence[Source]) -> list[str]:
    """Say where a rule is broken."""
    return [f"{source.path}:{line}" for source in where for line in rule(source.tree)]


def functions(tree: ast.AST) -> Iterator[Function]:
    """Find every function, methods and inner ones too."""
    return (node for node in ast.walk(tree) if isinstance(node, Function))


def imported(tree: ast.AST) -> Iterator[tuple[str, int]]:
    """Find every module that is imported, with its line."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((alias.name, node.lineno) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield from ((f"{node.module}.{alias.name}", node.lineno) for alias in node.names)


def importing(*modules: str) -> Rule:
    """Make the rule that none of these is imported, nor anything in them."""

    def rule(tree: ast.AST) -> Iterator[int]:
        return (line for name, line in imported(tree) if any(f"{name}.".startswith(f"{module}.") for module in modules))

    return rule


def saying(*words: str) -> Rule:
    """Make the rule that none of these, such as `workflow.now`, is said."""

    def rule(tree: ast.AST) -> Iterator[int]:
        return (node.lineno for node in ast.walk(tree) if isinstance(node, ast.Attribute) and ast.unparse(node) in words)

    return rule


def import_inside_a_function(tree: ast.AST) -> Iterator[int]:
    """Find imports that happen late."""
    return (node.lineno for function in functions(tree) for node in ast.walk(function) if isinstance(node, ast.Import | ast.ImportFrom))


def catching_everything(tree: ast.AST) -> Iterator[int]:
    """Find handlers that catch what nobody thought of."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ExceptHandler):
            caught = node.type.elts if isinstance(node.type, ast.Tuple) else [node.type]
            if any(kind is None or ast.unparse(kind) in BROAD for kind in caught):
                yield node.lineno


def asking_for_a_patch(tree: ast.AST) -> Iterator[int]:
    """Find functions that want to be handed pytest's own way of patching."""
    return (node.lineno for node in ast.walk(tree) if isinstance(node, ast.arg) and node.arg in {"monkeypatch", "mocker"})


def asking_whether_this_is_a_test(tree: ast.AST) -> Iterator[int]:
    """Find names such as TESTING and is_test, wherever they stand."""
    for node in ast.walk(tree):
        name = {ast.Name: "id", ast.Attribute: "attr", ast.arg: "arg", ast.keyword: "arg"}.get(type(node), "")
        if TEST_SWITCH.fullmatch(getattr(node, name, None) or "") and isinstance(node, ast.expr | ast.arg | ast.keyword):
            yield node.lineno


def signalling(tree: ast.AST) -> Iterator[int]:
    """Find signals, received or sent."""
    return (node.lineno for node in ast.walk(tree) if isinstance(node, ast.Attribute) and node.attr in {"signal", "signal_workflow"})


def update_without_validator(tree: ast.AST) -> Iterator[int]:
    """Find updates that take whatever is said by whomever."""
    decorated = [(function, {ast.unparse(decorator) for decorator in function.decorator_list}) for function in functions(tree)]
    validated = {name.removesuffix(".validator") for _, names in decorated for name in names if name.endswith(".validator")}
    for function, names in decorated:
        if any(name.startswith("workflow.update") for name in names) and function.name not in validated:
            yield function.lineno


def patience_of_its_own(tree: ast.AST) -> Iterator[int]:
    """Find calls that say themselves how long a machine is waited for, and lengths of time without a name."""
    for node in ast.walk(tree):
        if isinstance(node, ast.keyword) and node.arg and (node.arg.endswith("_timeout") or node.arg == "retry_policy"):
            yield node.value.lineno
    for function in functions(tree):
        yield from (node.lineno for node in ast.walk(function) if isinstance(node, ast.Call) and ast.unparse(node.func) == "timedelta")


BROKEN: Sequence[tuple[Rule, str]] = (
    (import_inside_a_function, "def late():\n    import json"),
    (catching_everything, "try: pass\nexcept Exception: pass"),
    (catching_everything, "try: pass\nexcept (OSError, BaseException): pass"),
    (catching_everything, "try: pass\nexcept: pass"),
    (asking_for_a_patch, "def test_it(monkeypatch): pass"),
    (asking_whether_this_is_a_test, "if settings.TESTING: pass"),
    (asking_whether_this_is_a_test, "def run(is_test): pass"),
    (asking_whether_this_is_a_test, "build(testing=True)"),
    (signalling, "@workflow.signal\ndef approve(self): pass"),
    (signalling, "handle.signal('approve')"),
    (update_without_validator, "@workflow.update\ndef approve(self): pass"),
    (update_without_validator, "@workflow.update(name='approve')\ndef yes(self): pass"),
    (patience_of_its_own, "workflow.execute_activity(work, start_to_close_timeout=SOON)"),
    (patience_of_its_own, "async def run(self): await workflow.sleep(timedelta(days=1))"),
    (importing("httpx2"), "from httpx2 import AsyncClient"),
    (importing("os.environ", "os.getenv"), "from os import environ"),
    (saying("workflow.now"), "began = workflow.now()"),
    (saying("os.environ"), "os.environ['HOME']"),
)


@pytest.mark.parametrize(("rule", "code"), BROKEN, ids=[code.replace("\n", " ") for _, code in BROKEN])
def test_a_rule_can_be_broken(rule: Rule, code: str) -> None:
    """A rule that finds nothing anywhere would be kept by everybody."""
    assert list(rule(ast.parse(code)))


def test_a_file_can_be_read_in_one_go() -> None:
    """Whoever has to scroll for ever does not see the whole; tests may be longer, since they are looked up and not read."""
    long = [
        f"{source.path}: {lines} lines"
        for source in sources()
        if (lines := len(source.text.splitlines())) > (LONGEST_TEST_FILE if source.is_in("tests/") else LONGEST_FILE)
        and not source.is_in(MIGRATIONS)
    ]

    assert [] == long


def test_a_function_does_one_thing() -> None:
    """What does not fit on half a screen does several; five in a hundred may, where a table or a query is long."""
    lengths = {
        f"{source.path}:{function.lineno} {function.name}": (function.end_lineno or 0) - function.lineno + 1
        for source in sources()
        for function in functions(source.tree)
        if not source.is_in(MIGRATIONS)
    }
    long = {name: lines for name, lines in lengths.items() if lines > LONGEST_FUNCTION}

    assert len(long) <= (1 - FUNCTIONS_THAT_KEEP_TO_IT) * len(lengths), long


def test_what_a_module_needs_stands_at_its_head() -> None:
    """An import inside a function hides a dependency, and mostly a circle."""
    assert [] == breaches(import_inside_a_function, sources())


def test_only_the_doors_and_the_demo_catch_everything() -> None:
    """What nobody thought of is a fault to be seen, and a workflow's retry mends more than a handler that swallows it."""
    assert [] == breaches(catching_everything, [source for source in sources() if not source.is_in(*DOORS, "demo/")])


def test_the_http_client_is_known_in_one_place() -> None:
    """Its timeouts, its redirects and its name are decided once; another client can take its place there."""
    assert [] == breaches(importing("httpx2"), [source for source in product() if not source.is_in("gateways/http.py")])


@pytest.mark.parametrize("rule", [saying("os.environ", "os.getenv"), importing("os.environ", "os.getenv", "settings")])
def test_only_the_doors_ask_the_surroundings(rule: Rule) -> None:
    """Everything else is told by whoever wires it, so it can be wired differently in one process; a test may tell a program."""
    assert [] == breaches(rule, [source for source in sources() if not source.is_in(*THE_SURROUNDINGS)])


def test_a_module_is_named_after_what_it_knows() -> None:
    """Everything fits into `utils`, so nobody finds anything there."""
    named = [source.path for source in sources() if NO_NAMES & set(source.path.removesuffix(".py").split("/"))]

    assert [] == named


@pytest.mark.parametrize("rule", [importing("unittest", "mock", "pytest_mock"), asking_for_a_patch])
def test_nothing_is_patched(rule: Rule) -> None:
    """A fake that is handed in can stand in the real place; a patched module proves only that it was patched."""
    assert [] == breaches(rule, sources())


@pytest.mark.parametrize("rule", [asking_whether_this_is_a_test, importing("pytest", "tests", "temporalio.testing")])
def test_the_product_does_not_know_that_it_is_tested(rule: Rule) -> None:
    """What runs in the tests would not be what runs in production."""
    assert [] == breaches(rule, product())


@pytest.mark.parametrize("words", NAMED_NOWHERE)
def test_no_file_names_a_registry_or_a_machine(words: str) -> None:
    """Everybody installs from where their company lets them, and works where they like."""
    naming = [path for path in files() if words.encode() in (HOUSE / path).read_bytes()]

    assert [] == naming


def refusals(of: type[Refusal] = Refusal) -> Iterator[type[Refusal]]:
    """Find every refusal of the business, wherever in the product it is written."""
    for source in product():
        if not source.is_in("database/migrations/", *DOORS) and not source.path.endswith("__main__.py"):
            import_module(source.path.removesuffix(".py").removesuffix("/__init__").replace("/", "."))
    ours = {place.strip("/") for place in PRODUCT}
    for refusal in of.__subclasses__():
        if refusal.__module__.split(".")[0] in ours:
            yield refusal
        yield from refusals(refusal)


REFUSALS = sorted(refusals(), key=lambda refusal: refusal.code)


def test_there_are_refusals_and_each_has_a_code_of_its_own() -> None:
    """A code is what programs go by, and what stands in the log for ever."""
    codes = [refusal.code for refusal in REFUSALS]

    assert len(codes) > 10
    assert len(codes) == len(set(codes))


@pytest.mark.parametrize("refusal", REFUSALS, ids=lambda refusal: str(refusal.code))
def test_a_refusal_is_said_in_bokmal_and_has_a_code_in_kebab_case(refusal: type[Refusal]) -> None:
    """Whoever is refused reads why in their own language, with the same facts in it."""
    with CATALOGUE.open("rb") as file:
        message = read_po(file, locale="nb").get(refusal.words)

    assert KEBAB_CASE.fullmatch(refusal.code)
    assert message is not None, f"not in the catalogue: {refusal.words}"
    assert message.string, f"not translated: {refusal.words}"
    assert not message.fuzzy, f"translated by guess: {refusal.words}"
    assert set(PLACES.findall(refusal.words)) == set(PLACES.findall(str(message.string)))


def is_a(what: str, node: ast.ClassDef | Function) -> bool:
    """Tell whether a class or a function is decorated as this."""
    return any(ast.unparse(decorator).split("(")[0] == what for decorator in node.decorator_list)


def test_the_worker_knows_every_workflow() -> None:
    """A workflow that no worker knows is begun and never goes on."""
    classes = [node for source in workflow_modules() for node in source.tree.body if isinstance(node, ast.ClassDef)]
    written = [node.name for node in classes if is_a("workflow.defn", node)]

    assert sorted(written) == sorted(workflow.__name__ for workflow in WORKFLOWS)


async def test_the_worker_knows_every_activity() -> None:
    """An activity that no worker knows is waited for for ever."""
    homes = [node for source in sources() if source.is_in("activities/") for node in source.tree.body if isinstance(node, ast.ClassDef)]
    written = {f"{home.name}.{method.name}" for home in homes for method in functions(home) if is_a("activity.defn", method)}

    assert written
    assert written == await wired_activities()


async def wired_activities() -> set[str]:
    """Wire the worker as in production, without anybody at the other ends, and list its activities."""
    nowhere = "127.0.0.1:1"
    settings = WorkerSettings(
        temporal_address=nowhere,
        payload_keys={"1": os.urandom(32)},
        database_url=f"postgresql://nobody@{nowhere}/nothing",
        public_url="http://localhost",
        secret_key=os.urandom(32),
        support_email="support@skranke.example",
        support_phone="+47 23 00 00 00",
        smtp_url=f"smtp://{nowhere}",
        mail_from="no-reply@skranke.example",
    )
    client = await connect(nowhere, "default", settings.payload_keys, lazy=True)
    async with outbound_client(settings.support_email) as http:
        homes = wire(settings, client, build_engine(settings.database_url, program="tests"), http)
    methods = [(type(home).__name__, method) for home in homes for _, method in inspect.getmembers(home, inspect.ismethod)]
    return {f"{home}.{method.__name__}" for home, method in methods if hasattr(method, "__temporal_activity_definition")}


@pytest.mark.parametrize("rule", [importing(*NOT_IN_A_WORKFLOW), saying("workflow.now", "datetime.now")])
def test_a_workflow_does_no_io_and_does_not_look_at_the_clock(rule: Rule) -> None:
    """A workflow is replayed: whatever it asks outside its activities may be answered differently the second time."""
    assert [] == breaches(rule, workflow_modules())


def test_people_decide_by_updates() -> None:
    """Two opposing signals are both told that they were heard; of two opposing updates one is told that it came too late."""
    assert [] == breaches(signalling, [source for source in sources() if source.is_in("workflows/", "web/", "api/", "activities/")])


def test_every_update_looks_first_at_who_says_what() -> None:
    """What a validator refuses leaves no trace in the history and disturbs nobody."""
    assert [] == breaches(update_without_validator, workflow_modules())


def test_patience_has_a_name() -> None:
    """How long we wait for machines is decided in one place, and a length of time in the middle of a process says nothing."""
    elsewhere = [source for source in workflow_modules() if not source.is_in("workflows/options.py")]

    assert [] == breaches(patience_of_its_own, elsewhere)
