package format

import (
	"bytes"
	"fmt"
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
)

// IsTable reports whether the format is that of a table.
func (k Kind) IsTable() bool { return k == KindCSV || k == KindJSONL }

// sniffed is the number of bytes that tell a format.
const sniffed = 16

// kindOf tells the format of a file from its first bytes. A format that is known but not read is an error that says
// what to do.
func kindOf(head []byte) (Kind, error) {
	switch {
	case bytes.HasPrefix(head, []byte(npyMagic)):
		return KindNPY, nil
	case bytes.HasPrefix(head, []byte("PK\x03\x04")), bytes.HasPrefix(head, []byte("PK\x05\x06")):
		return KindNPZ, nil
	case len(head) >= 4 && head[0] == 0 && head[1] == 0 && head[2] >= 8 && head[2] <= 14:
		return KindIDX, nil
	}
	for _, f := range refused {
		if bytes.HasPrefix(head, []byte(f.magic)) {
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

// refused are formats that people keep data in, with their first bytes.
var refused = []struct{ magic, what, advice string }{
	{"PAR1", "a Parquet file", "save it as CSV, as pandas.read_parquet(…).to_csv(…, index=False) does"},
	{"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old Excel workbook (.xls)", "save the sheet as CSV"},
	{"BZh", "a bzip2 file", "decompress it first, with bunzip2"},
	{"\xfd7zXZ\x00", "an xz file", "decompress it first, with unxz"},
	{"\x28\xb5\x2f\xfd", "a Zstandard file", "decompress it first, with unzstd"},
	{"\x04\x22\x4d\x18", "an LZ4 file", "decompress it first, with unlz4"},
	{"7z\xbc\xaf\x27\x1c", "a 7-Zip archive", "unpack it first"},
	{"\xff\xfe", "text in UTF-16", "save it as UTF-8, as iconv -f UTF-16 -t UTF-8 does"},
	{"\xfe\xff", "text in UTF-16", "save it as UTF-8, as iconv -f UTF-16 -t UTF-8 does"},
	{"\x89HDF\r\n\x1a\n", "an HDF5 file", "save its data as CSV or NPY"},
	{"ARROW1", "an Arrow file", "save it as CSV, as pandas.read_feather(…).to_csv(…, index=False) does"},
	{"ORC", "an ORC file", "save it as CSV"},
	{"Obj\x01", "an Avro file", "save it as CSV or JSON lines"},
	{"SQLite format 3\x00", "an SQLite database", "export a table as CSV"},
	{"\x80\x04\x95", "a pickle of Python", "save the data as CSV or NPY"},
	{"\x80\x05\x95", "a pickle of Python", "save the data as CSV or NPY"},
	{"%PDF", "a PDF document", "save its table as CSV"},
	{"\x89PNG\r\n\x1a\n", "a PNG image", "arrays of images are NPY, NPZ or IDX"},
	{"\xff\xd8\xff", "a JPEG image", "arrays of images are NPY, NPZ or IDX"},
	{"<!DOCTYPE", "a web page", "this may be an error page or a login that was saved in place of the data"},
	{"<table", "a table in HTML", "save it as CSV, as pandas.read_html(…)[0].to_csv(…, index=False) does"},
	{"<?xml", "an XML file", "save its data as CSV"},
	{"<html", "a web page", "this may be an error page or a login that was saved in place of the data"},
}
