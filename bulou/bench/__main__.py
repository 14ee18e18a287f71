"""`python -m bulou.bench`: a process of its own, because its settings name the place that it makes."""

import sys
from argparse import ArgumentParser

from bulou.bench.run import NAMES, as_json, run


def main() -> int:
    """Measure, print, and return 0 when every limit is kept."""
    parser = ArgumentParser(prog="bulou bench")
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(NAMES))
    parser.add_argument("--scale", type=float, default=0.1)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    output = sys.stderr if options.json else sys.stdout
    figures = run(options.names, scale=options.scale, say=lambda line: print(line, file=output, flush=True))
    if options.json:
        print(as_json(figures))
    return 0 if all(figure.ok for figure in figures) else 1


if __name__ == "__main__":
    sys.exit(main())
