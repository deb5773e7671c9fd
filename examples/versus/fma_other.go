//go:build !amd64 || purego

package main

const (
	hasFMA   = false
	fmaTurns = 0
	fmaFLOP  = 0
)

func fmaLoop(turns int) {}
