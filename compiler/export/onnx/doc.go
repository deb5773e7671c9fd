// Package onnx writes the predicting half of a model as an ONNX graph, and reads such files back.
//
// What comes in is the graph of the prediction and the weights; what goes out are the bytes of a file, or of a file what
// it holds. What a node is in ONNX stands on its card (ir.Op.ONNX). The package knows no operation and no word by name.
package onnx
