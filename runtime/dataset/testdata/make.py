"""Writes tables as pandas writes them, and in want.json what the features and the target of their rows must be.

The last four rows are held out: means and population deviations are those of the other rows, the mean stands for a
missing number, and a text has one indicator per text of the whole table, in byte order. All of it is pandas'
arithmetic in float64.

Run it with pandas installed: python make.py
"""

import json
import pathlib

import numpy as np
import pandas

HERE = pathlib.Path(__file__).parent / "pandas"
HELD = 4


def flats():
    rows = 24
    draw = np.random.default_rng(5)
    table = pandas.DataFrame({
        "area, m²": draw.normal(80, 25, rows).round(1),
        "rooms": draw.integers(1, 6, rows),
        "the \"heating\"": draw.choice(["gas", "oil", "heat pump"], rows),
        "garden": draw.random(rows) < 0.4,
        "zone": draw.integers(1, 4, rows),
        "state": pandas.Categorical(draw.choice(["old", "new", "Ümbau"], rows)),
        "note": draw.choice(["plain", "two\nlines", "says \"hi\", twice"], rows),
        "price": draw.normal(400, 90, rows).round(3),
    })
    for column in ["area, m²", "rooms", "the \"heating\"", "state", "note"]:
        table.loc[draw.random(rows) < 0.15, column] = None
    table.loc[7] = table.loc[6]
    return table


def texts(column):
    return column.dtype == bool or not pandas.api.types.is_numeric_dtype(column)


def standardised(column):
    train = column.iloc[:-HELD]
    return (column - train.mean()) / train.std(ddof=0)


def encoded(table):
    """The features, a list per row."""
    made = []
    for name in table.columns.drop("price"):
        column = table[name]
        if texts(column):
            there = {str(v) for v in column if pandas.notna(v)}
            for text in sorted(there, key=lambda t: t.encode()):
                made.append([float(pandas.notna(v) and str(v) == text) for v in column])
        else:
            made.append(standardised(column.astype(float)).fillna(0.0).tolist())
    return [list(row) for row in zip(*made)]


def main():
    HERE.mkdir(exist_ok=True)
    table = flats()
    plain = table.rename(columns={"area, m²": "area", "the \"heating\"": "heating"})
    table.to_csv(HERE / "default.csv")
    table.to_csv(HERE / "no-index.csv", index=False)
    table.to_csv(HERE / "german.csv", sep=";", decimal=",", lineterminator="\r\n", encoding="utf-8-sig")
    table.to_csv(HERE / "zipped.csv.gz", compression={"method": "gzip", "mtime": 0})
    table.convert_dtypes().to_csv(HERE / "nullable.csv", sep="\t")
    plain.to_json(HERE / "lines.jsonl", orient="records", lines=True)
    missing = table.assign(price=table.price.where(~table.index.isin([3, 11])))
    missing.to_csv(HERE / "no-target.csv")
    shuffled = table.sample(frac=1, random_state=1)
    shuffled.to_csv(HERE / "shuffled.csv")
    want = {}
    for name, rows in {"all": table, "no-target": missing.dropna(subset="price"), "shuffled": shuffled}.items():
        want[name] = {"features": encoded(rows), "target": standardised(rows.price).tolist()}
    (HERE / "want.json").write_text(json.dumps(want), encoding="utf-8")


if __name__ == "__main__":
    main()
