package kernel

// PosWeights are what a yes counts: one number, or one for each element of the last axis of flags, of which a row has Size.
type PosWeights struct {
	Size int
	Of   []float32
}

// PosShares computes a = p·t and b = 1 − t of n rows of flags, both times u unless that is nil, where p is what a yes counts.
func PosShares(p *Pool, a, b, t, u []float32, n int, g *PosWeights) {
	each := len(g.Of)
	for i, v := range t[:n*g.Size] {
		yes, no := g.Of[i%each]*v, 1-v
		if u != nil {
			yes, no = yes*u[i], no*u[i]
		}
		a[i], b[i] = yes, no
	}
}
