"""The reference is made from the code and current."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent


def test_the_reference_says_what_the_code_does() -> None:
    checked = subprocess.run(
        [sys.executable, "bin/reference", "--check"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert checked.returncode == 0, checked.stderr
