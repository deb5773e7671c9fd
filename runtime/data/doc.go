// Package data is what stands between the raw values of a row and the values that a model computes with.
//
// What comes in are a model's ports (names, shapes and kinds of what it takes and is judged by) and raw cells or
// the model's own output; what goes out are model values and predictions in the data's own units. The Codec that
// training made travels with the weights, so that a service sees a raw row exactly as training saw it: a service
// imports this package and no other of the data's.
//
// The package must not know files of data, formats, roles of columns or splits: that is dataset's business. Of
// losses it knows what they take a target for, and neither their names nor their values; of layers, optimisers and
// training it knows nothing. A stored Codec is untrusted: every mistake in one is an error, and memory is bounded by its size.
package data
