// Package raw puts a Codec in front of an ONNX graph and behind it, as operators: raw columns in, their own units and names
// of classes out.
//
// What comes in is a graph on model values and the Codec; what goes out is a graph on raw ones. The package knows no model.
package raw
