// Code generated from the cards of compiler/op; DO NOT EDIT.
// Rewrite it with: go test ./compiler -run Kernels -update

//go:build !amd64 || purego

package kernel

// There are none.
var rowsAddAVX2,
	rowsBCELogitsGradAVX2,
	rowsClipValueAVX2,
	rowsHuberGradAVX2,
	rowsMAEGradAVX2,
	rowsMSEGradAVX2,
	rowsMulAVX2,
	rowsReLUAVX2,
	rowsReLUGradAVX2,
	rowsSigmoidAVX2,
	rowsSigmoidGradAVX2,
	rowsTanhAVX2,
	rowsTanhGradAVX2,
	rowsWeightedBCELogitsGradAVX2,
	rowsWeightedHuberGradAVX2,
	rowsWeightedMAEGradAVX2,
	rowsWeightedMSEGradAVX2 assembledRows

// There are none.
var termsHuberAVX2,
	termsMAEAVX2,
	termsMSEAVX2,
	termsWeightedHuberAVX2,
	termsWeightedMAEAVX2,
	termsWeightedMSEAVX2 assembledTerms
