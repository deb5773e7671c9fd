//go:build !amd64 || purego

package kernel

// Each of these does what the function in scores.go does that calls it, if there is assembly for it.

func rowMaximaApart(top, x []float32, rows, columns, stride int) bool { return false }

func rowExponentialsApart(total, x, top []float32, rows, columns, stride int) bool { return false }

func softmaxGradRowsApart(dx, y, total []float32, rows, columns, stride int) bool { return false }
