// Package data reads the rows that a model is trained on, judged by or asked about.
//
// What comes in are files (CSV, NPY, NPZ, IDX) and the ports of a model: the names, shapes and kinds of what it
// takes. What goes out are rows of model values (Dataset, RowReader) and the Codec that made them from the raw
// ones, which travels with the weights so that a later prediction sees a raw row exactly as training saw it.
//
// Files are untrusted: every mistake in one is an error that says where it stands, memory is bounded by the
// size of the file, and nothing panics. The package knows nothing of layers, weights' names, optimisers or the
// loop that consumes its rows.
package data
