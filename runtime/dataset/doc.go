// Package dataset makes of files the rows that a model is trained on, judged by or asked about.
//
// What comes in are files, the roles of their columns and the ports of a model. What goes out are rows of model
// values (Set, RowReader) and the Codec that made them, with its statistics from the rows to train on. Here it is
// decided which file and which column feeds what, which rows are held out, and what kind a column is.
//
// Files are untrusted: every mistake in one is an error that says where it stands, memory is bounded by the
// size of the file, and nothing panics. The package must not know how a format stores its bytes, which is format's
// business, nor layers, weights, optimisers and the loop that consumes its rows.
package dataset
