// Package augment changes images while a model trains on them, so that it sees each a little different every time.
//
// What comes in is an image as model values, channel by channel and row by row, and where it stands in the training;
// what goes out is the same memory with the image moved, mirrored or darkened. What happens depends on the seed, the
// epoch and the image's place in it alone, so that a training that goes on in the middle sees what the uninterrupted one
// would have seen. Nothing is allocated for an image. The package knows neither models nor data.
package augment
