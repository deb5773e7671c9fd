"""Turns a fitted scikit-learn pipeline into a spec and a weight file of nnc.

    from from_sklearn import convert
    convert(pipeline, "house", target="price")     # writes house.nn and house.safetensors

    nnc predict house.nn --weights house.safetensors --data new.csv

The last step is an MLPRegressor of squared errors, an MLPClassifier, or a linear model: LinearRegression, Ridge, Lasso,
ElasticNet, LogisticRegression. Before it there may be a scaler (StandardScaler, MinMaxScaler, MaxAbsScaler, RobustScaler), or a
ColumnTransformer of those, of OneHotEncoder(handle_unknown="ignore") and of "passthrough"; a SimpleImputer of means may
stand before a StandardScaler. A TransformedTargetRegressor gives a scaled target back its units. What else a pipeline
has is refused by its name. It needs numpy, scikit-learn and safetensors.
"""

import json
import re

import numpy as np
from safetensors.numpy import save_file
from sklearn.compose import ColumnTransformer, TransformedTargetRegressor
from sklearn.pipeline import Pipeline

# The linear models whose predictions are the product, or its logistic function or softmax.
LINEAR = {"LinearRegression", "Ridge", "RidgeCV", "Lasso", "LassoCV", "ElasticNet", "ElasticNetCV", "LogisticRegression", "LogisticRegressionCV"}
ACTIVATIONS = {"relu": "relu", "tanh": "tanh", "logistic": "sigmoid", "identity": None}


def convert(model, name: str, target="target", columns=None) -> None:
    """Writes name.nn and name.safetensors. target names the target's column, or lists several; columns are those of the
    features, where the model has not seen their names in a DataFrame."""
    targets = [target] if isinstance(target, str) else list(target)
    units = None
    if isinstance(model, TransformedTargetRegressor):
        model, units = model.regressor_, model.transformer_
    steps = list(model) if isinstance(model, Pipeline) else [model]
    net = steps.pop()
    layers = layers_of(net)
    if columns is None:
        columns = getattr((steps or [net])[0], "feature_names_in_", None)
    if columns is None:
        columns = [f"x{i}" for i in range((steps or [net])[0].n_features_in_)]
    features = columns_of(steps, list(map(str, columns)))
    width = sum(len(c.get("classes", " ")) for c in features)
    if width != layers[0][0].shape[0]:
        raise ValueError(f"the steps make {width} features, but {type(net).__name__} takes {layers[0][0].shape[0]}")

    loss, link, kind, judged = target_of(net, targets, layers[-1][0].shape[1], units)
    codec = {
        "version": 3,
        "scale": "standard",
        "columns": features,
        "targets": [{"name": "target", "loss": loss, "kind": kind, "link": link, **judged}],
    }
    tensors = {}
    lines = [f"model {identifier(name)}", "", f"input features[{width}]"]
    for i, (weight, bias) in enumerate(layers, 1):  # [in, out] and [out]; nnc has [out, in]
        tensors[f"linear{i}.weight"] = np.ascontiguousarray(weight.T, np.float32)
        tensors[f"linear{i}.bias"] = np.ascontiguousarray(bias, np.float32)
        activation = ACTIVATIONS[net.activation] if i < len(layers) else None
        lines.append(f"linear {weight.shape[1]}" + (f"; {activation}" if activation else ""))
    lines += ["", f"loss  {loss}", *optimiser_of(net)]
    with open(name + ".nn", "w") as file:
        file.write("\n".join(lines) + "\n")
    save_file(tensors, name + ".safetensors", {"nnc.codec": json.dumps(codec, ensure_ascii=False, separators=(",", ":"))})


def layers_of(net) -> list:
    """The weights [in, out] and biases [out] of each layer."""
    kind = type(net).__name__
    if hasattr(net, "coefs_"):  # an MLP
        if not hasattr(net, "classes_") and net.out_activation_ != "identity":
            raise ValueError(f"{kind}: the loss {net.loss} has no counterpart here")
        return list(zip(net.coefs_, net.intercepts_))
    if kind not in LINEAR or not hasattr(net, "coef_"):
        raise ValueError(f"{kind} is no multilayer perceptron and none of {', '.join(sorted(LINEAR))}, or is not fitted")
    if len(net.coef_) > 2 and (getattr(net, "solver", "") == "liblinear" or getattr(net, "multi_class", "") == "ovr") and hasattr(net, "classes_"):
        raise ValueError(f"{kind}: a class against the others has no counterpart: let the solver be lbfgs")
    weight = np.atleast_2d(net.coef_).T
    return [(weight, np.broadcast_to(net.intercept_, weight.shape[1:]))]


def columns_of(steps: list, names: list) -> list:
    """The columns of the Codec, in the order in which the net takes the features."""
    columns = [number(name) for name in names]
    for step in steps:
        if isinstance(step, ColumnTransformer):
            if any("mean" in c for c in columns):
                raise ValueError("a ColumnTransformer behind another step: let it be the first")
            columns = []
            for label, part, chosen in step.transformers_:
                if isinstance(part, str):  # "drop" or "passthrough"
                    part = [] if part == "passthrough" else None
                if part is None:
                    continue
                made = [number(c) for c in chosen_of(chosen, names)]
                for inner in part if isinstance(part, (list, Pipeline)) else [part]:
                    made = scaled(inner, made)
                columns += made
        else:
            columns = scaled(step, columns)
    for c in columns:
        if "imputed" in c:
            raise ValueError("SimpleImputer: only before a StandardScaler is the mean what a missing number becomes")
        if c["kind"] == "number":
            c.setdefault("mean", 0.0)
            c.setdefault("deviation", 1.0)
    return columns


def chosen_of(chosen, names: list) -> list:
    """The names of the columns that a ColumnTransformer gives a part, which it has as names, places, a slice or a mask."""
    if isinstance(chosen, str):
        return [chosen]
    if not isinstance(chosen, slice) and all(isinstance(c, str) for c in chosen):
        return list(chosen)
    return np.array(names)[chosen].tolist()


def number(name: str) -> dict:
    return {"name": name, "kind": "number"}


def scaled(step, columns: list) -> list:
    """What a step makes of columns of numbers."""
    kind = type(step).__name__
    if any(c["kind"] != "number" or "mean" in c for c in columns):
        raise ValueError(f"{kind} behind another scaler or encoder: nnc has one for a column")
    if kind == "FunctionTransformer" and step.func is None:  # what "passthrough" becomes
        return columns
    if kind == "SimpleImputer" and step.strategy == "mean" and not step.add_indicator and step.missing_values is np.nan:
        return [{**c, "imputed": float(m)} for c, m in zip(columns, step.statistics_)]
    if kind == "OneHotEncoder":
        infrequent = getattr(step, "infrequent_categories_", None)
        if step.handle_unknown != "ignore" or step.drop is not None or infrequent is not None:
            raise ValueError('OneHotEncoder: only handle_unknown="ignore" has a counterpart, without drop and infrequent categories')
        for c, classes in zip(columns, step.categories_):
            if not all(isinstance(v, str) for v in classes):
                raise ValueError(f"OneHotEncoder: the classes of {c['name']} are no texts: encode them as texts")
        return [{"name": c["name"], "kind": "class", "classes": [str(v) for v in classes]} for c, classes in zip(columns, step.categories_)]
    if getattr(step, "clip", False):
        raise ValueError(f"{kind}: clip=True has no counterpart in nnc")
    middle, spread = {
        "StandardScaler": lambda: (step.mean_ if step.with_mean else None, step.scale_),
        "MinMaxScaler": lambda: (-step.min_ / step.scale_, 1 / step.scale_),
        "MaxAbsScaler": lambda: (None, step.scale_),
        "RobustScaler": lambda: (step.center_, step.scale_),
    }.get(kind, lambda: refuse(kind))()
    made = []
    for i, c in enumerate(columns):
        mean, deviation = 0.0 if middle is None else float(middle[i]), 1.0 if spread is None else float(spread[i])
        if "imputed" in c and not np.isclose(c.pop("imputed"), mean):  # nnc takes a missing number as the mean
            raise ValueError(f"SimpleImputer before {kind}: only before a StandardScaler is the mean what a missing number becomes")
        made.append({**c, "mean": mean, "deviation": deviation})
    return made


def refuse(kind: str):
    raise ValueError(f"{kind} has no counterpart in nnc: let the table have what it makes, or train with nnc train")


def target_of(net, targets: list, outputs: int, units) -> tuple:
    """Loss, link and kind, and the columns of the target."""
    if not hasattr(net, "classes_"):
        means, deviations = np.zeros(outputs), np.ones(outputs)
        if units is not None:
            made = scaled(units, [number(t) for t in targets])
            means, deviations = [c.get("mean", 0.0) for c in made], [c.get("deviation", 1.0) for c in made]
        if len(targets) != outputs:
            raise ValueError(f"the model has {outputs} outputs: name a column for each with target")
        columns = [{"name": t, "kind": "number", "mean": float(m), "deviation": float(d)} for t, m, d in zip(targets, means, deviations)]
        return "mse", "identity", "quantity", {"columns": columns}
    classes = list(net.classes_)
    if np.ndim(classes[0]) > 0 or getattr(net, "out_activation_", "") == "logistic" and outputs > 1:  # multilabel
        if len(targets) != outputs:
            raise ValueError(f"the model has {outputs} flags: name a column for each with target")
        return "bce_logits", "sigmoid", "flag", {"count": 2, "columns": [{"name": t, "kind": "index"} for t in targets]}
    texts = [str(c) for c in classes]
    counted = texts == [str(i) for i in range(len(texts))]  # indices are no names
    column = {"name": targets[0], "kind": "index"} if counted else {"name": targets[0], "kind": "class", "classes": texts}
    if outputs == 1:
        return "bce_logits", "sigmoid", "flag", {"count": 2, "columns": [column]}
    return "cross_entropy", "softmax", "class", {"count": outputs, "columns": [column]}


def optimiser_of(net) -> list:
    """How the model would go on learning: near to scikit-learn's solver, where there is one."""
    if not hasattr(net, "solver") or not hasattr(net, "learning_rate_init") or net.solver == "lbfgs":
        return ["adam  0.001"]
    if net.solver == "adam":
        line = f"adam  {net.learning_rate_init} beta1={net.beta_1} beta2={net.beta_2} eps={net.epsilon}"
    else:
        line = f"sgd   {net.learning_rate_init} momentum={net.momentum}" + (" nesterov" if net.nesterovs_momentum and net.momentum else "")
    return [line, f"batch {200 if net.batch_size == 'auto' else net.batch_size}"]


def identifier(name: str) -> str:
    words = re.findall(r"[A-Za-z0-9]+", name.replace("\\", "/").split("/")[-1])
    text = "".join(w[0].upper() + w[1:] for w in words)
    return text if text[:1].isalpha() else "Model"
