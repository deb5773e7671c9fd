// Package picture makes of PNG and JPEG files the bytes that a model takes.
//
// What comes in is a file and the size of an input, [channels, height, width]. What goes out is that many bytes, the
// image scaled and cropped to the size. How a byte becomes a model value is the codec's business; the package knows
// neither models nor files' names.
//
// Files are untrusted: their size is known before they are decoded, and one that is too large, damaged or of another
// format is an error. The decoders are the standard library's, which are Go on every platform, and all else is integers
// and float64 without fused operations, so that the bytes are the same everywhere.
package picture
