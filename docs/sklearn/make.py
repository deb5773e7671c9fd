"""Fits the pipelines whose files lie in testdata, converts them, and writes what scikit-learn predicts: python make.py"""

import pathlib

import numpy as np
import pandas as pd
from from_sklearn import convert
from sklearn.compose import ColumnTransformer, TransformedTargetRegressor
from sklearn.datasets import load_diabetes, load_iris
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.neural_network import MLPClassifier, MLPRegressor
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import MinMaxScaler, OneHotEncoder, RobustScaler, StandardScaler

here = pathlib.Path(__file__).parent / "testdata"
here.mkdir(exist_ok=True)
rng = np.random.default_rng(1)
n = 120
flats = pd.DataFrame({
    "area": rng.uniform(20, 200, n).round(1),
    "built": rng.integers(1900, 2020, n).astype(float),
    "town": rng.choice(["Évry", "Paris", "Lyon, 3e"], n),
    "rooms": rng.integers(1, 6, n),
})
flats["price"] = (flats.area * 3000 + (flats.town == "Paris") * 2e5 + flats.rooms * 1e4).round()
flats["sold"] = np.where(flats.area * (flats.town != "Paris") > 70, "yes", "no")
flats.loc[::7, "built"] = np.nan
mixed = lambda: ColumnTransformer([
    ("numbers", make_pipeline(SimpleImputer(), StandardScaler()), ["area", "built"]),
    ("towns", OneHotEncoder(handle_unknown="ignore"), ["town"]),
    ("rest", "passthrough", ["rooms"]),
])
features = flats[["area", "built", "town", "rooms"]]
iris, diabetes = load_iris(as_frame=True), load_diabetes(as_frame=True)


def case(name, model, x, y, target, columns=None):
    model.fit(x, y)
    convert(model, str(here / name), target, columns)
    rows = x[:25].copy()
    if "town" in rows:
        rows.loc[0, "town"] = "Oslo"  # never seen
    rows.to_csv(here / f"{name}.csv", index=False)
    predicted = model.predict(rows)
    targets = [target] if isinstance(target, str) else target
    table = pd.DataFrame(np.asarray(predicted).reshape(len(rows), -1), columns=targets)
    if hasattr(model, "predict_proba"):
        p = model.predict_proba(rows)
        if len(targets) == 1:
            table["probability"] = p.max(1)
    table.to_csv(here / f"{name}.want.csv", index=False)


small = dict(hidden_layer_sizes=(7, 5), max_iter=200, random_state=1)
case("price", TransformedTargetRegressor(make_pipeline(mixed(), MLPRegressor(**small)), transformer=StandardScaler()), features, flats.price, "price")
case("sold", make_pipeline(mixed(), MLPClassifier(activation="tanh", **small)), features, flats.sold, "sold")
case("species", make_pipeline(StandardScaler(), MLPClassifier(activation="logistic", solver="sgd", **small)), iris.data, iris.target_names[iris.target], "species")
case("counted", make_pipeline(MinMaxScaler((-1, 1)), LogisticRegression(max_iter=500)), iris.data, iris.target, "kind")
case("ridge", make_pipeline(RobustScaler(), Ridge()), diabetes.data, diabetes.target, "progression")
case("both", MLPRegressor(activation="identity", solver="lbfgs", **small), iris.data[["sepal length (cm)", "sepal width (cm)"]], iris.data[["petal length (cm)", "petal width (cm)"]], ["length", "width"])
flags = np.stack([iris.target > 0, iris.data["petal width (cm)"] > 1], 1).astype(int)
case("flags", make_pipeline(StandardScaler(), MLPClassifier(**small)), iris.data, flags, ["later", "wide"])
case("spread", TransformedTargetRegressor(make_pipeline(StandardScaler(with_mean=False), Ridge())), iris.data, iris.target * 10.0, "number")
