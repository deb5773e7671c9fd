//go:build !race

package main

// raceDetector says that times mean nothing: every memory access is watched.
const raceDetector = false
