# needs: files

# ---- What reads the data: the files decide ---------------------------------------------------------------------------


def read(args, codec: dict | None):
    path = bound(args.data[0])[1]
    kind = kind_of(path)
    arrays = kind in ("folder", "npy", "npz", "idx", "image")
    #+ questions
    if kind == "json":
        return QuestionData(args, codec)
    #- questions
    #+ arrays
    if arrays:
        return ArrayData(args, codec)
    #- arrays
    #+ text
    if kind == "text" and not getattr(args, "target", None) and "columns" not in (codec or {}):
        return TextData(args, codec)
    #- text
    #+ series
    if not arrays and (args.window or "series" in (codec or {})):
        return SeriesData(args, codec)
    #- series
    #+ tokens
    if not arrays and in_pieces(args, codec):
        return PieceTableData(args, codec)
    #- tokens
    #+ texts
    if not arrays:
        return TextTableData(args, codec)
    #- texts
    #+ !texts
    #+ table
    if not arrays:
        return TableData(args, codec)
    #- table
    #- !texts
    advice = f"`nnc export --pytorch --reads {'arrays' if arrays else '{{otherwise}}'}` writes one for such files"
    raise SystemExit(f"{path}: this program reads {{reads}}: {advice}")
