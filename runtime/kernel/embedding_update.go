package kernel

import "unsafe"

// EmbeddingScratch returns the number of float32s that the updates of a table of v rows take for n integers.
func EmbeddingScratch(n, v, dim int) int { return v + n + min(n, v)*(1+dim) }

// EmbeddingSGD does on w [v, dim] what SGD does without decay, with the gradient that EmbeddingGrad computes of dy [n, dim]
// and ids: on the rows that occur among the ids. SGD leaves the others as they are.
func EmbeddingSGD(p *Pool, w, dy []float32, scale, rate float32, ids []int32, scratch []float32, n, v, dim int) {
	p.descendRows(&descent{method: bySGD, w: w[:v*dim], g: dy, c: coefficients{scale: scale, rate: rate}}, ids[:n], scratch, v, dim)
}

// EmbeddingAdagrad does the same as Adagrad without decay on w and sum [v, dim].
func EmbeddingAdagrad(p *Pool, w, sum, dy []float32, scale, rate float32, step uint64, ids []int32, scratch []float32, n, v, dim int, initial, epsilon float32) {
	if step == 0 {
		for i := range sum[:v*dim] {
			sum[i] = initial
		}
	}
	p.descendRows(&descent{method: byAdagrad, w: w[:v*dim], slots: [3][]float32{sum}, g: dy,
		c: coefficients{scale: scale, rate: rate, epsilon: epsilon}}, ids[:n], scratch, v, dim)
}

// descendRows does the step on the rows of a table [v, dim] that occur among the ids: its gradient there is the sum,
// upwards, of those rows of d.g whose id it is.
func (p *Pool) descendRows(d *descent, ids []int32, scratch []float32, v, dim int) {
	n := len(ids)
	if n == 0 || dim == 0 {
		return
	}
	numbers := integers(scratch[:v+n+min(n, v)])
	slots, used := numbers[v:v+n], numbers[v+n:]
	used = used[:slot(slots, used, numbers[:v], ids)]
	l := lookup{table: scratch[len(numbers):][:len(used)*dim], rows: d.g[:n*dim], ids: slots, dim: dim}
	if tiles := (dim + mostShared - 1) / mostShared; tiles > 1 && p.shares(n*dim) {
		p.run(job{tile: func(j *job, tile int) {
			j.lookup.descend(&j.descent, j.used, tile*mostShared, min(tile*mostShared+mostShared, j.lookup.dim))
		}, lookup: l, descent: *d, used: used}, tiles)
		return
	}
	l.descend(d, used, 0, dim)
}

// slot numbers the different ids in the order in which they first occur: it lists them in used, gives each place its id's
// number, and returns how many there are. Whatever stands in where, which has a place for every id, is no matter: a number
// counts if used says so too.
//
// Source: Briggs, Torczon, "An efficient representation for sparse sets", ACM LOPLAS 1993.
func slot(slots, used, where, ids []int32) int {
	count := 0
	for i, id := range ids {
		s := where[id]
		if uint(s) >= uint(count) || used[s] != id {
			s = int32(count)
			where[id], used[count] = s, id
			count++
		}
		slots[i] = s
	}
	return count
}

// descend adds up the columns from one to another of each row, and does the step with the sums on those of the table's rows
// that the used ids name.
func (l *lookup) descend(d *descent, used []int32, from, to int) {
	for k := range used {
		clear(l.table[k*l.dim+from : k*l.dim+to])
	}
	l.scatter(from, to)
	row := descent{method: d.method, c: d.c}
	for k, id := range used {
		at := int(id) * l.dim
		row.w, row.g = d.w[at+from:at+to], l.table[k*l.dim+from:k*l.dim+to]
		for i, slot := range d.slots {
			if slot != nil {
				row.slots[i] = slot[at+from : at+to]
			}
		}
		row.do()
	}
}

// integers is scratch memory as whole numbers.
func integers(x []float32) []int32 {
	return unsafe.Slice((*int32)(unsafe.Pointer(unsafe.SliceData(x))), len(x))
}
