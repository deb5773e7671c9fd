// Code generated from the cards of compiler/op; DO NOT EDIT.
// Rewrite it with: go test ./compiler -run Kernels -update

//go:build !amd64 || purego

package kernel

// There are none.
var rowsAddWide,
	rowsBCELogitsGradWide,
	rowsClipValueWide,
	rowsHuberGradWide,
	rowsMAEGradWide,
	rowsMSEGradWide,
	rowsMulWide,
	rowsReLUWide,
	rowsReLUGradWide,
	rowsSigmoidWide,
	rowsSigmoidGradWide,
	rowsTanhWide,
	rowsTanhGradWide,
	rowsWeightedBCELogitsGradWide,
	rowsWeightedHuberGradWide,
	rowsWeightedMAEGradWide,
	rowsWeightedMSEGradWide assembledRows

// There are none.
var termsHuberWide,
	termsMAEWide,
	termsMSEWide,
	termsWeightedHuberWide,
	termsWeightedMAEWide,
	termsWeightedMSEWide assembledTerms
