# needs: files

# ---- What reads the data: the files decide ---------------------------------------------------------------------------


def read(args, codec: dict | None):
    kind = kind_of(bound(args.data[0])[1])
    #+ questions
    if kind == "json":
        return QuestionData(args, codec)
    #- questions
    if kind in ("folder", "npy", "npz", "idx", "image"):
        return ArrayData(args, codec)
    #+ text
    if kind == "text" and not getattr(args, "target", None):
        return TextData(args, codec)
    #- text
    #+ table
    return TableData(args, codec)
    #- table
    #+ !table
    raise SystemExit(f"{args.data[0]}: it is a table or a text, and no row of one is a row of this model")
    #- !table
