import decimal
import json

# ---- The Codec: what was done to the data, as JSON in the weight file, by which nnc reads and writes raw values ------

def as_json(value) -> str:
    """JSON as nnc writes it, byte for byte."""
    if isinstance(value, dict):
        return "{" + ",".join(f"{as_json(key)}:{as_json(item)}" for key, item in value.items()) + "}"
    if isinstance(value, (list, tuple)):
        return "[" + ",".join(map(as_json, value)) + "]"
    if isinstance(value, str):
        text = json.dumps(value, ensure_ascii=False)
        for character in "<>&\u2028\u2029":
            text = text.replace(character, f"\\u{ord(character):04x}")
        return text
    if isinstance(value, float):
        if value and not 1e-6 <= abs(value) < 1e21:
            return repr(value).replace("e-0", "e-")
        return format(decimal.Decimal(repr(value)), "f").removesuffix(".0")
    return json.dumps(value)


def codec_targets() -> list[dict]:
    """What the losses compare with, as the Codec has it where no column of a table says more."""
    return [{key: item for key, item in target.items() if key not in ("shape", "limit", "mask")} for target in TARGETS]


def codec_version(targets: list[dict]) -> int:
    """The version of a Codec's form: the oldest that knows all of it."""
    return 4 if any(target["kind"] == "span" for target in targets) else 3
