package format

import (
	"bytes"
	"encoding/json"
	"fmt"

	"github.com/nnc-lang/nnc/runtime/picture"
)

// Kind is the format of a file, told from its first bytes.
type Kind int

// The formats.
const (
	KindCSV   Kind = iota // any text
	KindJSONL             // an object a line
	KindNPY
	KindNPZ
	KindIDX
	KindImage     // PNG or JPEG, which package picture reads
	KindText      // text that is read as such, see OpenText
	KindQuestions // an object of articles, with questions about each, as SQuAD has them
)

// IsTable reports whether the format is that of a table.
func (k Kind) IsTable() bool { return k == KindCSV || k == KindJSONL }

// sniffed is the number of bytes that tell a format.
const sniffed = 32

// kindOf tells the format of a file from its first bytes. A format that is known but not read is an error that says
// what to do.
func kindOf(head []byte) (Kind, error) {
	if kind, ok := binaryKind(head); ok {
		return kind, nil
	}
	for _, f := range refused {
		if bytes.HasPrefix(head, []byte(f.magic)) && !(f.binary && isText(head)) {
			return 0, fmt.Errorf("this is %s, which is not read: %s", f.what, f.advice)
		}
	}
	if bytes.IndexByte(head, 0) >= 0 {
		return 0, fmt.Errorf("this is no text: it begins with %q; a table is CSV or JSON lines, an array NPY, NPZ or IDX", head)
	}
	switch text := bytes.TrimLeft(bytes.TrimPrefix(head, []byte(byteOrderMark)), " \t\r\n"); {
	case bytes.HasPrefix(text, []byte("{")):
		return KindJSONL, nil
	case bytes.HasPrefix(text, []byte("[")):
		return 0, fmt.Errorf("this is a JSON array: write its objects one a line (JSON lines), as jq -c '.[]' and pandas' to_json(…, orient='records', lines=True) do")
	}
	return KindCSV, nil
}

// binaryKind tells the formats of arrays and images.
func binaryKind(head []byte) (Kind, bool) {
	switch {
	case bytes.HasPrefix(head, []byte(npyMagic)):
		return KindNPY, true
	case bytes.HasPrefix(head, []byte("PK\x03\x04")), bytes.HasPrefix(head, []byte("PK\x05\x06")):
		return KindNPZ, true
	case len(head) >= 4 && head[0] == 0 && head[1] == 0 && head[2] >= 8 && head[2] <= 14:
		return KindIDX, true
	case bytes.HasPrefix(head, []byte(picture.PNGMagic)), bytes.HasPrefix(head, []byte(picture.JPEGMagic)):
		return KindImage, true
	}
	return 0, false
}

// textKind is kindOf where text is read as such, that of tables and of web pages too. It refuses what is no text.
func textKind(head []byte) (Kind, error) {
	if kind, ok := binaryKind(head); ok {
		return kind, nil
	}
	for _, f := range refused {
		if bytes.HasPrefix(head, []byte(f.magic)) && !f.text && !(f.binary && isText(head)) {
			return 0, fmt.Errorf("this is %s, which is not read: %s", f.what, f.advice)
		}
	}
	return KindText, nil
}

// questionKind is kindOf where questions are wanted: JSON holds them, or says by its mistakes what they look like.
func questionKind(head []byte) (Kind, error) {
	if text := bytes.TrimLeft(bytes.TrimPrefix(head, []byte(byteOrderMark)), " \t\r\n"); len(text) > 0 && (text[0] == '{' || text[0] == '[') {
		return KindQuestions, nil
	}
	return kindOf(head)
}

// holdsArticles reports whether JSON of this beginning is an object with a list of objects as its "data", as SQuAD has it, and not
// itself a question that has such a list among its columns.
func holdsArticles(begin []byte) bool {
	begin = bytes.TrimPrefix(begin, []byte(byteOrderMark))
	d := json.NewDecoder(bytes.NewReader(begin))
	depth, key := 0, true // key: the next token on the first level is one
	articles := false     // so far
	for {
		token, err := d.Token()
		if err != nil || depth > maxDepth {
			return articles
		}
		switch delimiter, _ := token.(json.Delim); delimiter {
		case '{', '[':
			depth++
			continue
		case '}', ']':
			if depth--; depth == 0 {
				return articles
			}
		}
		if depth > 1 {
			continue
		}
		name, _ := token.(string)
		switch {
		case key && name == "question":
			return false
		case key && name == "data":
			if articles = listsObjects(begin[d.InputOffset():]); !articles {
				return false
			}
		}
		key = !key
	}
}

// listsObjects reports whether JSON behind a key may be a list of objects: it has none, or the first is one, or has not come yet.
func listsObjects(text []byte) bool {
	const space = " \t\r\n"
	list, is := bytes.CutPrefix(bytes.TrimLeft(text, space+":"), []byte("["))
	first := bytes.TrimLeft(list, space)
	return is && (len(first) == 0 || first[0] == '{' || first[0] == ']')
}

// isText reports whether there is nothing in the bytes that a text lacks.
func isText(head []byte) bool {
	return !bytes.ContainsFunc(head, func(r rune) bool { return r < ' ' && r != '\t' && r != '\r' && r != '\n' })
}

// refused are formats that people keep data in, with their first bytes.
var refused = []struct {
	magic, what, advice string

	binary bool // what follows is no text: the magic alone may be a column's name
	text   bool // it can be read as text
}{
	{magic: "PAR1", what: "a Parquet file", advice: "save it as CSV, as pandas.read_parquet(…).to_csv(…, index=False) does", binary: true},
	{magic: "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", what: "an old Excel workbook (.xls)", advice: "save the sheet as CSV"},
	{magic: "BZh", what: "a bzip2 file", advice: "decompress it first, with bunzip2", binary: true},
	{magic: "\xfd7zXZ\x00", what: "an xz file", advice: "decompress it first, with unxz"},
	{magic: "\x28\xb5\x2f\xfd", what: "a Zstandard file", advice: "decompress it first, with unzstd"},
	{magic: "\x04\x22\x4d\x18", what: "an LZ4 file", advice: "decompress it first, with unlz4"},
	{magic: "7z\xbc\xaf\x27\x1c", what: "a 7-Zip archive", advice: "unpack it first"},
	{magic: "\xff\xfe", what: "text in UTF-16", advice: "save it as UTF-8, as iconv -f UTF-16 -t UTF-8 does"},
	{magic: "\xfe\xff", what: "text in UTF-16", advice: "save it as UTF-8, as iconv -f UTF-16 -t UTF-8 does"},
	{magic: "\x89HDF\r\n\x1a\n", what: "an HDF5 file", advice: "save its data as CSV or NPY"},
	{magic: "ARROW1", what: "an Arrow file", advice: "save it as CSV, as pandas.read_feather(…).to_csv(…, index=False) does", binary: true},
	{magic: "ORC", what: "an ORC file", advice: "save it as CSV", binary: true},
	{magic: "Obj\x01", what: "an Avro file", advice: "save it as CSV or JSON lines"},
	{magic: "SQLite format 3\x00", what: "an SQLite database", advice: "export a table as CSV"},
	{magic: "\x80\x04\x95", what: "a pickle of Python", advice: "save the data as CSV or NPY"},
	{magic: "\x80\x05\x95", what: "a pickle of Python", advice: "save the data as CSV or NPY"},
	{magic: "%PDF-", what: "a PDF document", advice: "save its table as CSV"},
	{magic: "<!DOCTYPE", what: "a web page", advice: "this may be an error page or a login that was saved in place of the data", text: true},
	{magic: "<table", what: "a table in HTML", advice: "save it as CSV, as pandas.read_html(…)[0].to_csv(…, index=False) does", text: true},
	{magic: "<?xml", what: "an XML file", advice: "save its data as CSV", text: true},
	{magic: "version https://git-lfs", what: "a pointer of Git LFS", advice: "fetch the file itself, with git lfs pull"},
	{magic: "<html", what: "a web page", advice: "this may be an error page or a login that was saved in place of the data", text: true},
}
