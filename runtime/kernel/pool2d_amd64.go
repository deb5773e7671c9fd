//go:build !purego

package kernel

//go:generate go run -C _asm . -file pool -out ../pool2d_amd64.s -stubs ../pool2d_stubs_amd64.go -pkg kernel

// lanesOfCall is how many registers of 256 bits one call of assembly may read: assembly cannot be interrupted, and this takes
// about 20 µs.
const lanesOfCall = 1 << 13

// windowsAtOnce returns how many windows one call takes, and how many of their rows.
func (g *Pool2D) windowsAtOnce(a alike) (windows, rows int) {
	row := a.columns * ((g.Inner + 7) / 8)
	return max(lanesOfCall/(row*a.rows), 1), min(max(lanesOfCall/row, 1), a.rows)
}
