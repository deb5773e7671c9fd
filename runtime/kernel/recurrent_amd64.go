//go:build !purego

package kernel

func rnnAssembly(states, x, hidden []float32) bool { return false }

func rnnGradAssembly(dx, dh, dy, states []float32) bool { return false }

func lstmAssembly(states, gates, cells, x, hidden, before []float32) bool { return false }

func lstmGradAssembly(dx, dh, dc, dy, gates, cells, before []float32) bool { return false }

func gruAssembly(states, gates, inner, x, hidden, before []float32) bool { return false }

func gruGradAssembly(dx, d, dh, dy, gates, inner, before []float32) bool { return false }
