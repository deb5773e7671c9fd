//go:build !purego

package kernel

//go:generate go run -C _asm . -file recurrent -out ../recurrent_amd64.s -stubs ../recurrent_stubs_amd64.go -pkg kernel

func rnnAssembly(states, x, hidden []float32) bool {
	if avx2 {
		rnnStepWide(&states[0], &x[0], &hidden[0], len(states))
	}
	return avx2
}

func rnnGradAssembly(dx, dh, dy, states []float32) bool {
	if avx2 {
		rnnGradStepWide(&dx[0], &dh[0], &dy[0], &states[0], len(states))
	}
	return avx2
}

func lstmAssembly(states, gates, cells, x, hidden, before []float32) bool {
	if avx2 {
		lstmStepWide(&gates[0], &cells[0], &x[0], &hidden[0], &before[0], len(states))
		lstmStatesWide(&states[0], &gates[3*len(states)], &cells[0], len(states))
	}
	return avx2
}

func lstmGradAssembly(dx, dh, dc, dy, gates, cells, before []float32) bool {
	if avx2 {
		lstmGradStepWide(&dx[0], &dh[0], &dc[0], &dy[0], &gates[0], &cells[0], &before[0], len(cells))
	}
	return avx2
}

func gruAssembly(states, gates, inner, x, hidden, before []float32) bool {
	if avx2 {
		gruStepWide(&states[0], &gates[0], &inner[0], &x[0], &hidden[0], &before[0], len(states))
	}
	return avx2
}

func gruGradAssembly(dx, d, dh, dy, gates, inner, before []float32) bool {
	if avx2 {
		gruGradStepWide(&dx[0], &d[0], &dh[0], &dy[0], &gates[0], &inner[0], &before[0], len(before))
	}
	return avx2
}
