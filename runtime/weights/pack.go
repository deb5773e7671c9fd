package weights

// pack is a tensor of PyTorch that holds the rows of several wanted ones.
type pack struct {
	whole Want           // what it must be
	first map[string]int // the row that each part begins with
}

// packed collects the packs of what is wanted, by their names.
func packed(want []Want) map[string]pack {
	packs := map[string]pack{}
	for _, w := range want {
		if w.Packed == "" {
			continue
		}
		p, begun := packs[w.Packed]
		if !begun {
			p = pack{Want{Name: w.Packed, Shape: append([]int{0}, w.Shape[1:]...), DType: w.DType}, map[string]int{}}
		}
		p.first[w.Name] = p.whole.Shape[0]
		p.whole.Shape[0] += w.Shape[0]
		packs[w.Packed] = p
	}
	return packs
}

// part is the part of a pack that is wanted, as far as it lies in t.
func (p pack) part(t *Tensor, w Want) Tensor {
	own, size := t.plain(w), count(w.Shape)
	begin := p.first[w.Name] * (size / max(w.Shape[0], 1))
	if w.float() {
		own.F32 = own.F32[begin : begin+size]
	} else {
		own.I64 = own.I64[begin : begin+size]
	}
	return own
}

// Packed gives tensors the form that they have in PyTorch: those that want says are parts of one are joined, where the
// first of them stands. They must be those of want.
func Packed(tensors []Tensor, want []Want) []Tensor {
	names, packs := make(map[string]string, len(want)), packed(want)
	for _, w := range want {
		names[w.Name] = w.Packed
	}
	var joined []Tensor
	at := map[string]int{}
	for _, t := range tensors {
		whole := names[t.Name]
		if whole == "" {
			joined = append(joined, t)
			continue
		}
		i, begun := at[whole]
		if !begun {
			i, at[whole] = len(joined), len(joined)
			joined = append(joined, Tensor{Name: whole, DType: t.DType, Shape: packs[whole].whole.Shape})
		}
		joined[i].F32 = append(joined[i].F32, t.F32...)
		joined[i].I64 = append(joined[i].I64, t.I64...)
	}
	return joined
}

// count is the product of a shape that is known to be of reasonable size.
func count(shape []int) int {
	n := 1
	for _, d := range shape {
		n *= d
	}
	return n
}
