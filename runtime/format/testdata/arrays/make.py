"""Makes the fixtures in this folder. Needs numpy; the tests do not."""

import os
import warnings

import numpy as np

os.chdir(os.path.dirname(os.path.abspath(__file__)))
warnings.simplefilter("ignore")

numbers = np.arange(24).reshape(2, 3, 4)
for t in ["u1", "i1", "<u2", "<i2", "<u4", "<i4", "<u8", "<i8", ">u2", ">i2", ">u4", ">i4", ">u8", ">i8",
          "<f2", "<f4", "<f8", ">f2", ">f4", ">f8"]:
    name = t.replace("<", "little-").replace(">", "big-")
    values = numbers if "u" in t else numbers - 5
    if "f" in t:
        values = values / 4
    np.save(name + ".npy", values.astype(t))
np.save("bool.npy", np.array([True, False, True]))
np.save("fortran.npy", np.asfortranarray(numbers.astype("i4")))
np.save("empty.npy", np.zeros((0, 7), "f4"))
for major in [2, 3]:
    with open(f"version{major}.npy", "wb") as f:
        np.lib.format.write_array(f, numbers.astype("f4"), version=(major, 0))

np.save("refused-text.npy", np.array(["cat", "dog"]))
np.save("refused-bytes.npy", np.array([b"cat", b"dog"]))
np.save("refused-object.npy", np.array([1, "x"], dtype=object), allow_pickle=True)
np.save("refused-complex.npy", np.array([1j]))
np.save("refused-date.npy", np.array(["2024-01-01"], dtype="M8[D]"))
np.save("refused-records.npy", np.zeros(2, dtype=[("a", "f4"), ("b", "i4")]))
np.save("refused-void.npy", np.zeros(2, dtype="V3"))
np.save("refused-long.npy", np.zeros(2, dtype=np.longdouble))
np.save("refused-number.npy", np.float32(3))

np.savez("stored.npz", images=np.full((2, 3), 7, "u1"), labels=np.array([1, 0]), names=np.array(["no", "yes"]))
np.savez_compressed("deflated.npz", images=np.full((2, 3), 7, "u1"), labels=np.array([1, 0]))
