// Package pytorch writes a model as a Python program of its own, which trains it with PyTorch: alone, or as several
// processes that take one step together.
//
// What comes in is the forward graph with its recipe; what goes out is the text of one readable file. What a node is in
// PyTorch stands on its card (ir.Op.Torch); what every program has, reading data, random numbers, the loop, weight files,
// are parts in Python that lie beside this file. The package knows no operation and no word by name.
package pytorch
