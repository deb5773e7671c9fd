"""What specs.py and tables.py share: the command, and the comparison of what it exports with what it predicts."""

import csv
import json
import pathlib
import subprocess
import sys

HERE = pathlib.Path(__file__).parent
NNC = sys.argv[1]


def nnc(*args):
    done = subprocess.run([NNC, *map(str, args)], capture_output=True, text=True)
    if done.returncode:
        raise SystemExit(f"nnc {' '.join(map(str, args))}: {done.stderr}")
    return done.stdout


def write(name, columns):
    """A table, of lists by column."""
    with open(name, "w", newline="", encoding="utf-8") as file:
        rows = csv.writer(file)
        rows.writerow(columns)
        rows.writerows(zip(*columns.values()))
    return name


def compare(name, model, rows, *flags):
    """Compares the model on rows with predicted.csv and prints a line of a table. Says whether all is well."""
    done = subprocess.run([sys.executable, HERE / "rows.py", model, "predicted.csv", *map(str, rows), *map(str, flags)], capture_output=True, text=True)
    if not done.stdout:
        raise SystemExit(f"{name}: {done.stderr}")
    said = json.loads(done.stdout)
    labels = f"{said['equal']} of {said['labels']}" if said["labels"] else ""
    worst = "" if said["worst"] is None else f"{said['worst']:.1e}"
    print(f"| {name} | {said['rows']:,} | {worst} | {labels} |", flush=True)
    return done.returncode == 0
