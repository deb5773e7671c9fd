package kernel

// AttendAt computes what Attend does, causal, at one position of the sequence of g, of n rows one after the other: k and v
// [n, keyHeads·size] become the key by √size and the value of the position among those that are kept, and y [n, heads·size] is p·v for
// the queries q [n, heads·size] with those up to the position. keys are [keyHeads, ⌈keys/16⌉, size, 16], values
// [keys, keyHeads·size].
func AttendAt(_ *Pool, y, keys, values, q, k, v []float32, at uint64, n int, g *Attention) {
	root := Sqrt(float32(g.Size))
	position, width, keyWidth := int(at), g.Heads*g.Size, g.KeyHeads*g.Size
	headKeys := wholePanels(g.Keys) * g.Size
	seen := position + 1
	room := borrow()
	defer room.giveBack()
	s := scores{of: room.floats(apart(seen)), query: position, rows: 1, keys: seen, stride: apart(seen)}
	var top, total [1]float32
	for row := range n {
		copy(values[position*keyWidth:], v[row*keyWidth:][:keyWidth])
		for head := range g.KeyHeads {
			to := keys[head*headKeys+position/panel*panel*g.Size+position%panel:]
			for c, x := range k[row*keyWidth+head*g.Size:][:g.Size] {
				to[c*panel] = x / root
			}
		}
		for head := range g.Heads {
			of := head / (g.Heads / g.KeyHeads)
			s.multiply(q[row*width+head*g.Size:], g.Size, keys[of*headKeys:], nil, g.Size)
			s.maximise(top[:])
			total[0] = 0
			s.exponentials(total[:], top[:])
			if total[0] == 0 {
				total[0] = 1
			}
			y := y[row*width+head*g.Size:][:g.Size]
			for from := 0; from < seen; from += block {
				s.weigh(y, g.Size, values[from*keyWidth+of*g.Size:], keyWidth, g.Size, from, from == 0)
			}
			for c := range y {
				y[c] /= total[0]
			}
		}
	}
}
