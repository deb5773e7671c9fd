// Package format reads files of data: tables (CSV) as cells with their places, arrays (NPY, NPZ, IDX) as numbers,
// plain or compressed by gzip.
//
// Files are untrusted: every mistake in one is an error that says where it stands, memory is bounded by the size
// of the file, and nothing panics. The package must not know a model: what a column or an array is for, what a
// cell means, and what is missing are others' business.
package format
