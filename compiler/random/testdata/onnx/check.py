"""What ONNX Runtime predicts, beside what was to come out.

    python check.py FOLDER

The folder has NAME.OPSET.onnx, and NAME.safetensors with batches of rows: BATCH/x/INPUT, BATCH/y/OUTPUT, and BATCH/bound/OUTPUT,
how far an element may be off. Each file is checked by onnx, shapes inferred, and run with the runtime's rewrites and without.
"""

import collections
import glob
import os
import sys

import numpy as np
import onnx
import onnxruntime
from safetensors.numpy import load_file

LEVELS = {
    "as it is": onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL,
    "rewritten": onnxruntime.GraphOptimizationLevel.ORT_ENABLE_ALL,
}


def batches(file):
    """The batches of a file: of each x, y and bound by names."""
    all_of = collections.defaultdict(lambda: {"x": {}, "y": {}, "bound": {}})
    for name, value in load_file(file).items():
        batch, kind, port = name.split("/", 2)
        all_of[int(batch)][kind][port] = value
    return [all_of[i] for i in sorted(all_of)]


def session(model, level):
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.graph_optimization_level = level
    options.log_severity_level = 3
    return onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])


def compare(path, rows, worst):
    """Yields what is wrong with a model."""
    model = onnx.load(path)
    onnx.checker.check_model(model, full_check=True)
    onnx.shape_inference.infer_shapes(model, check_type=True, strict_mode=True, data_prop=True)
    for how, level in LEVELS.items():
        run = session(path, level)
        names = [o.name for o in run.get_outputs()]
        for batch in rows:
            for name, got in zip(names, run.run(names, batch["x"]), strict=True):
                want, bound = batch["y"][name], float(batch["bound"][name][0])
                if got.shape != want.shape:
                    yield f"{how}: {name} has the shape {got.shape}, not {want.shape}"
                    continue
                off = np.abs(got.astype(np.float64) - want.astype(np.float64))
                at = np.unravel_index(np.argmax(np.where(np.isnan(off), np.inf, off)), off.shape)
                if not off[at] <= bound:
                    yield f"{how}: {name}{list(map(int, at))} of {got.shape} is {got[at]}, not {want[at]}: the bound is {bound:.3g}"
                elif bound > 1e-11:
                    worst.append(off[at] / bound)


def main(folder):
    files = failed = tensors = 0
    for data in sorted(glob.glob(os.path.join(folder, "*.safetensors"))):
        name, rows = data.removesuffix(".safetensors"), batches(data)
        for path in sorted(glob.glob(glob.escape(name) + ".*.onnx")):
            files += 1
            worst, wrong = [], []
            try:
                wrong = list(compare(path, rows, worst))
            except Exception as e:  # whatever onnx or the runtime says of a file
                wrong.append(f"{type(e).__name__}: {e}")
            failed += bool(wrong)
            tensors += len(worst)
            for text in wrong[:3]:
                print(f"{os.path.basename(path)}: {text}")
    print(f"onnx {onnx.__version__}, onnxruntime {onnxruntime.__version__}: {files} files, {failed} failed, {tensors} tensors agree")
    return failed > 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
