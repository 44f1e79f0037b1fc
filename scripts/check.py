"""Runs every static check, side by side: `./run check`. Exit status 1 and the output of what failed."""

import os
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor, as_completed
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent

# The longest first: the others run beside it.
CHECKS = {
    "types": (BIN / "mypy", "."),
    "migrations": (sys.executable, "manage.py", "makemigrations", "--check", "--dry-run"),
    "django": (sys.executable, "manage.py", "check"),
    "layers": (BIN / "lint-imports",),
    "templates": (BIN / "djlint", "templates", "onboarding", "sellers", "--check", "--lint"),
    "words": (sys.executable, "-m", "scripts.words"),
    "lint": (BIN / "ruff", "check", "."),
    "format": (BIN / "ruff", "format", "--check", "."),
    "lock file": (sys.executable, "-m", "scripts.lock", "--check"),
}


def run(name: str) -> tuple[str, bool, str, float]:
    """Runs one check: its name, whether it passed, what it printed, and its seconds."""
    begun = time.monotonic()
    # manage.py needs a key, although it signs nothing here.
    environment = {**os.environ, "SECRET_KEY": "for-the-checks-alone"}
    done = subprocess.run(CHECKS[name], cwd=ROOT, env=environment, capture_output=True, text=True, check=False)  # noqa: S603
    return name, done.returncode == 0, done.stdout + done.stderr, time.monotonic() - begun


def main() -> int:
    """Runs all checks on all cores and returns the exit status."""
    passed = True
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        for future in as_completed([pool.submit(run, name) for name in CHECKS]):
            name, good, output, seconds = future.result()
            print(f"{'Passed' if good else 'FAILED'}  {name} ({seconds:.1f} s)", flush=True)
            if not good:
                print(output, flush=True)
            passed = passed and good
    return 0 if passed else 1


if __name__ == "__main__":
    sys.exit(main())
