"""A mutation run of one module of `rules`, in a copy of the tree.

    LIMPIO_FORGET=1 LIMPIO_EXAMPLES=15 LIMPIO_LAW=/work/shared/law \
        .venv/bin/python -m tests.rules.mutation_run /tmp/history history tests/rules/test_history.py

(`LIMPIO_LAW` as a whole path: the copy stands elsewhere.)

mutmut leaves out every function that has a decorator; of ours that would be all that is kept and all that is read like
a field (`CountFindings.sequence`). So in the copy the decorator is put on after the function, which is the same thing
said in another way. The copy also keeps mutmut away from the tree in which somebody works, and only the tests that are
named are run: what survives them is tried again with all of them (`tests/rules`), by naming the changes::

    ... -m tests.rules.mutation_run /tmp/history_again history tests/rules -- rules.history.x__served__mutmut_3

Numbers of the changes stay the same as long as the module does. What was found: tests/rules/mutation_survivors.md.
"""

from __future__ import annotations

import ast
import re
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
_PUT_ON_LATER = ("cache", "property", "lru_cache")


def without_decorators(source: str) -> str:
    """The same module with ``name = decorator(name)`` after each function that had one of ours."""
    lines = source.splitlines()
    added: dict[int, list[str]] = {}
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef) and len(node.decorator_list) == 1:
            [decorator] = node.decorator_list
            text = ast.unparse(decorator)
            if text.split("(")[0] in _PUT_ON_LATER and node.end_lineno is not None:
                lines[decorator.lineno - 1] = ""
                added[node.end_lineno] = [f"{' ' * node.col_offset}{node.name} = {text}({node.name})"]
    return "\n".join(text for n, line in enumerate(lines, 1) for text in (line, *added.get(n, ()))) + "\n"


def copied(to: Path, module: str, tests: list[str]) -> None:
    """A tree at ``to`` in which mutmut changes this module, and runs these tests."""
    for name in ("rules", "tests/rules"):
        shutil.copytree(ROOT / name, to / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("tests/__init__.py", "tests/conftest.py"):
        if (ROOT / name).exists():
            shutil.copy(ROOT / name, to / name)
    path = to / "rules" / f"{module}.py"
    path.write_text(without_decorators(path.read_text(encoding="utf-8")), encoding="utf-8")
    settings = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    settings = re.sub(r"(?m)^only_mutate = \[[^]]*]", f'only_mutate = ["rules/{module}.py"]', settings)
    settings = settings.replace('test_selection = ["tests/rules"]', f"test_selection = {tests!r}")
    if module.startswith("bulk/") or module == "columns":
        # Polars has threads, which do not live on in a fork: each change is tried from a process that ran no test yet.
        settings = settings.replace("[tool.mutmut]", '[tool.mutmut]\nprocess_isolation = "forkserver"')
    (to / "pyproject.toml").write_text(settings, encoding="utf-8")


def main(to: str, module: str, *rest: str) -> int:
    tests, changes = list(rest), list[str]()
    if "--" in tests:
        at = tests.index("--")
        tests, changes = tests[:at], tests[at + 1 :]
    copied(Path(to), module, tests)
    return subprocess.call([sys.executable, "-m", "mutmut", "run", "--max-children", "1", *changes], cwd=to)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
