//go:build !amd64 || purego

package kernel

// What follows is there only with assembly.

func (w *windows) assembled(first, lines, window, count, top, rows int) bool { return false }

func (g *Pool2D) maxLanesAssembled(y []float32, at []int32, x []float32, a alike) bool { return false }

func (g *Pool2D) maxLanesGradAssembled(dx []float32, at []int32, dy []float32, a alike) bool {
	return false
}

func (g *Pool2D) writesAll() bool { return false }

func (g *Pool2D) meansAssembled(y, x []float32, a alike) bool { return false }

func (g *Pool2D) meansGradAssembled(dx, dy []float32, a alike) bool { return false }
