package kernel

// Finite reports whether no number of x is NaN or an infinity.
//
// The sum of the squares says so at the speed of memory; only where it is none itself, each number is looked at: squares
// overflow where their roots do not.
func Finite(p *Pool, x []float32) bool {
	b := blocks{x: x}
	if total := b.total(p); total-total == 0 {
		return true
	}
	for _, v := range x {
		if v-v != 0 {
			return false
		}
	}
	return true
}
