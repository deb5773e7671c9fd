"""Trains nnc and scikit-learn on five data sets and writes the table of accuracy.md.

    go install ./cmd/nnc
    python docs/accuracy/compare.py

wants scikit-learn and pandas, and nnc on the PATH or named by the variable NNC. Every figure is of rows that took no
part in training. It takes some two minutes, and no network: the data come with scikit-learn.
"""

import json
import os
import pathlib
import platform
import subprocess
import tempfile

import numpy as np
import pandas
import sklearn
from sklearn import datasets
from sklearn.compose import TransformedTargetRegressor
from sklearn.ensemble import RandomForestClassifier, RandomForestRegressor
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.metrics import accuracy_score, mean_absolute_error, r2_score
from sklearn.model_selection import train_test_split
from sklearn.neural_network import MLPClassifier, MLPRegressor
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

HERE = pathlib.Path(__file__).parent
PAGE = HERE.parent / "accuracy.md"
BEGIN, END = "<!-- written by accuracy/compare.py -->", "<!-- end -->"
NNC = os.environ.get("NNC", "nnc")
SEEDS = range(10)
TEST = 0.25

# What the specs say, for scikit-learn.
WIDTH, RATE, BATCH, EPOCHS = 32, 0.003, 32, 100

# name of the spec: loader, target column, whether the target is written by the names of its classes
SETS = {
    "iris": (datasets.load_iris, "species", True),
    "wine": (datasets.load_wine, "cultivar", True),
    "cancer": (datasets.load_breast_cancer, "diagnosis", True),
    "digits": (datasets.load_digits, "digit", False),
    "diabetes": (datasets.load_diabetes, "progression", False),
}

TITLES = {
    ("iris", "accuracy"): "iris, accuracy",
    ("wine", "accuracy"): "wine, accuracy",
    ("cancer", "accuracy"): "breast cancer, accuracy",
    ("digits", "accuracy"): "digits, accuracy",
    ("diabetes", "r2"): "diabetes, R²",
    ("diabetes", "mae"): "diabetes, mean absolute error",
}

COLUMNS = ["nnc", "nnc, `--valid 0`", "MLP", "linear", "forest"]


def load(name):
    """The table of a data set, the target under its own name."""
    loader, target, named = SETS[name]
    bunch = loader(as_frame=True)
    frame = bunch.frame.rename(columns={"target": target})
    if named:
        frame[target] = bunch.target_names[bunch.target]
    return frame, target


def measures(name, truth, predicted):
    if name == "diabetes":
        return {"r2": r2_score(truth, predicted), "mae": mean_absolute_error(truth, predicted)}
    return {"accuracy": accuracy_score(truth, predicted)}


def nnc(name, folder, target, seed, *flags):
    """The test figures of nnc train, by the name of the metric."""
    command = [NNC, "train", str(HERE / f"{name}.nn"), "--data", f"{folder}/train.csv", "--test", f"{folder}/test.csv",
               "--target", target, "--seed", str(seed), "--split-seed", str(seed), "--save=", "--json", *flags]
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode != 0:
        raise SystemExit(done.stderr)
    return json.loads(done.stdout.splitlines()[-1])["test_metrics"]


def models(name, seed):
    """scikit-learn's models, all on standardised columns, by their column of the table."""
    same = dict(hidden_layer_sizes=[WIDTH], activation="relu", solver="adam", alpha=0, learning_rate_init=RATE,
                batch_size=BATCH, max_iter=EPOCHS, n_iter_no_change=EPOCHS, tol=0, random_state=seed)
    if name == "diabetes":
        network = TransformedTargetRegressor(MLPRegressor(**same), transformer=StandardScaler())
        others = {"linear": Ridge(), "forest": RandomForestRegressor(random_state=seed)}
    else:
        network = MLPClassifier(**same)
        others = {"linear": LogisticRegression(max_iter=1000), "forest": RandomForestClassifier(random_state=seed)}
    return {"MLP": network, **others}


def figures(name):
    """A list of figures, one per seed, by metric and column of the table."""
    frame, target = load(name)
    found = {}

    def note(column, measured):
        for metric, value in measured.items():
            found.setdefault(metric, {}).setdefault(column, []).append(value)

    for seed in SEEDS:
        classes = None if name == "diabetes" else frame[target]
        train, test = train_test_split(frame, test_size=TEST, random_state=seed, stratify=classes)
        with tempfile.TemporaryDirectory() as folder:
            # The index is written too, as to_csv does if it is not told otherwise.
            train.reset_index(drop=True).to_csv(f"{folder}/train.csv")
            test.reset_index(drop=True).to_csv(f"{folder}/test.csv")
            note(COLUMNS[0], nnc(name, folder, target, seed))
            note(COLUMNS[1], nnc(name, folder, target, seed, "--valid", "0"))
        for column, model in models(name, seed).items():
            fitted = make_pipeline(StandardScaler(), model).fit(train.drop(columns=target), train[target])
            note(column, measures(name, test[target], fitted.predict(test.drop(columns=target))))
    return found


def cell(metric, values):
    digits = 1 if metric == "mae" else 3
    return f"{np.mean(values):.{digits}f} ± {np.std(values, ddof=1):.{digits}f}"


def table():
    lines = ["| | rows, columns | " + " | ".join(COLUMNS) + " |", "|---" * (len(COLUMNS) + 2) + "|"]
    for name in SETS:
        frame, _ = load(name)
        found = figures(name)
        for metric in [m for n, m in TITLES if n == name]:
            cells = " | ".join(cell(metric, found[metric][column]) for column in COLUMNS)
            lines.append(f"| {TITLES[name, metric]} | {len(frame)}, {frame.shape[1] - 1} | {cells} |")
            print(lines[-1], flush=True)
    return "\n".join(lines)


def main():
    version = subprocess.run([NNC, "--version"], capture_output=True, text=True, check=True).stdout.strip()
    versions = (f"{version}; scikit-learn {sklearn.__version__}, pandas {pandas.__version__}, "
                f"Python {platform.python_version()}; {len(SEEDS)} seeds.")
    before, rest = PAGE.read_text(encoding="utf-8").split(BEGIN)
    after = rest.split(END)[1]
    text = f"{before}{BEGIN}\n\n{table()}\n\n{versions}\n\n{END}{after}"
    PAGE.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
