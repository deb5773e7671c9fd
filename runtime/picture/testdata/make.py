"""Makes the images in this folder and what Pillow makes of them. Needs Pillow and NumPy; the tests do not."""

import base64
import json
import os

import numpy as np
from PIL import Image

os.chdir(os.path.dirname(os.path.abspath(__file__)))
draw = np.random.default_rng(7)


def smooth(height, width, channels):
    """A picture with some structure and some noise."""
    y, x = np.mgrid[0:height, 0:width]
    planes = [127 + 90 * np.sin((x * (c + 1) + 2 * y) / (3.0 + c)) + draw.normal(0, 20, (height, width)) for c in range(channels)]
    return np.clip(np.stack(planes, -1), 0, 255).astype(np.uint8)


Image.fromarray(smooth(23, 37, 3)).save("colour.png")
Image.fromarray(smooth(31, 20, 1)[:, :, 0]).save("grey.png")
Image.fromarray(smooth(9, 14, 4), "RGBA").save("transparent.png")
Image.fromarray(smooth(12, 12, 2), "LA").save("grey-transparent.png")
Image.fromarray(smooth(17, 16, 3)).quantize(16).save("palette.png")
Image.fromarray(smooth(16, 9, 1)[:, :, 0]).convert("1").save("bits.png")
Image.fromarray(smooth(16, 24, 3)).save("colour.jpg", quality=95, subsampling=0)
Image.fromarray(smooth(16, 24, 1)[:, :, 0]).save("grey.jpg", quality=95)


def fit(image, channels, height, width):
    """torchvision's loader, Grayscale, Resize (for sides of one length) and CenterCrop."""
    image = image.convert("RGB")
    if channels == 1:
        image = image.convert("L")
    w, h = image.size
    new = (height * w // h, height) if w * height >= h * width else (width, width * h // w)
    image = image.resize(new, Image.BILINEAR)
    top, left = int(round((new[1] - height) / 2.0)), int(round((new[0] - width) / 2.0))
    pixels = np.asarray(image.crop((left, top, left + width, top + height)))
    return pixels[None] if channels == 1 else pixels.transpose(2, 0, 1)


cases = []
for name in sorted(n for n in os.listdir(".") if n.endswith((".png", ".jpg"))):
    for size in [(3, 8, 8), (1, 8, 8), (1, 40, 30), (1, 5, 17), (3, 9, 7), (1, 1, 1)]:
        pixels = fit(Image.open(name), *size)
        cases.append({"file": name, "size": size, "bytes": base64.b64encode(pixels.tobytes()).decode()})
    w, h = Image.open(name).size
    pixels = fit(Image.open(name), 3, h, w)  # as it stands
    cases.append({"file": name, "size": (3, h, w), "bytes": base64.b64encode(pixels.tobytes()).decode()})
with open("fit.json", "w") as f:
    f.write("[\n" + ",\n".join(json.dumps(c) for c in cases) + "\n]\n")
