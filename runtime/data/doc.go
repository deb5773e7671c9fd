// Package data reads the rows that a model is trained on, judged by or asked about.
//
// What comes in are files (CSV, NPY, NPZ, IDX) and the ports of a model: the names, shapes and kinds of what it
// takes. What goes out are rows of model values (Dataset, RowReader) and the Codec that made them from the raw
// ones, which travels with the weights so that a later prediction sees a raw row exactly as training saw it.
//
// Files are untrusted: every mistake in one is an error that says where it stands, memory is bounded by the
// size of the file, and nothing panics. Of losses the package knows what they take a target for, and neither their names
// nor their values; of layers, weights' names, optimisers and the loop that consumes its rows it knows nothing.
package data
