package kernel

// block is the number of terms that one accumulator of a product takes before its sum is joined to the others.
const block = 256

// Linear computes y = x·W + b: x [n, in], w [in, out] (PyTorch's weight transposed), b [out] or nil, y [n, out].
func Linear(p *Pool, y, x, w, b, scratch []float32, n, in, out int) {
	product(y, x, w, n, in, out, in, 1)
	if b == nil {
		return
	}
	b = b[:out]
	for r := range n {
		row := y[r*out:][:len(b)]
		for j, v := range b {
			row[j] += v
		}
	}
}

// LinearGradWeight computes ∂W = xᵀ·∂y: x [n, in], dy [n, out], dw [in, out].
func LinearGradWeight(p *Pool, dw, x, dy, scratch []float32, n, in, out int) {
	product(dw, x, dy, in, n, out, 1, in)
}

// LinearGradInput computes ∂x = ∂y·Wᵀ: dy [n, out], w [in, out], dx [n, in].
func LinearGradInput(p *Pool, dx, dy, w, scratch []float32, n, in, out int) {
	for from := 0; from < out; from += block {
		terms := min(block, out-from)
		for r := range n {
			a := dy[r*out+from:][:terms]
			row := dx[r*in:][:in]
			k := 0
			for ; k+4 <= in; k += 4 {
				b0, b1 := w[k*out+from:][:len(a)], w[(k+1)*out+from:][:len(a)]
				b2, b3 := w[(k+2)*out+from:][:len(a)], w[(k+3)*out+from:][:len(a)]
				var s0, s1, s2, s3 float32
				for t, v := range a {
					s0 += float32(v * b0[t])
					s1 += float32(v * b1[t])
					s2 += float32(v * b2[t])
					s3 += float32(v * b3[t])
				}
				join((*[4]float32)(row[k:]), s0, s1, s2, s3, from == 0)
			}
			for ; k < in; k++ {
				b := w[k*out+from:][:len(a)]
				var s float32
				for t, v := range a {
					s += float32(v * b[t])
				}
				if from == 0 {
					row[k] = s
				} else {
					row[k] += s
				}
			}
		}
	}
}

// LinearGradBias computes ∂b = Σ ∂y over the rows: dy [n, out], db [out].
func LinearGradBias(p *Pool, db, dy []float32, n, out int) {
	db = db[:out]
	clear(db)
	for from := 0; from < n; from += block {
		terms := min(block, n-from)
		for j := range db {
			var s float32
			for r := from; r < from+terms; r++ {
				s += dy[r*out+j]
			}
			db[j] += s
		}
	}
}

// product computes C = A·B for A [m, k], B [k, n] and C [m, n], B and C row-major; element (i, t) of A is
// a[i·rowStride + t·termStride]. Tiles of 2×4 elements keep eight accumulators in registers; what they leave
// over is done one element at a time, by the same sums.
func product(c, a, b []float32, m, k, n, rowStride, termStride int) {
	if k == 0 {
		clear(c[:m*n])
	}
	for from := 0; from < k; from += block {
		terms, first := min(block, k-from), from == 0
		bb := b[from*n:]
		i := 0
		for ; i+2 <= m; i += 2 {
			a0, a1 := a[i*rowStride+from*termStride:], a[(i+1)*rowStride+from*termStride:]
			c0, c1 := c[i*n:][:n], c[(i+1)*n:][:n]
			j := 0
			for ; j+4 <= n; j += 4 {
				tile(c0[j:], c1[j:], a0, a1, bb[j:], terms, n, termStride, first)
			}
			for ; j < n; j++ {
				single(&c0[j], a0, bb[j:], terms, n, termStride, first)
				single(&c1[j], a1, bb[j:], terms, n, termStride, first)
			}
		}
		if i < m {
			a0, c0 := a[i*rowStride+from*termStride:], c[i*n:][:n]
			for j := range c0 {
				single(&c0[j], a0, bb[j:], terms, n, termStride, first)
			}
		}
	}
}

// tile computes two rows of four elements.
func tile(c0, c1, a0, a1, b []float32, terms, n, stride int, first bool) {
	var s00, s01, s02, s03, s10, s11, s12, s13 float32
	at, bt := 0, 0
	for range terms {
		x0, x1, y := a0[at], a1[at], (*[4]float32)(b[bt:])
		s00 += float32(x0 * y[0])
		s01 += float32(x0 * y[1])
		s02 += float32(x0 * y[2])
		s03 += float32(x0 * y[3])
		s10 += float32(x1 * y[0])
		s11 += float32(x1 * y[1])
		s12 += float32(x1 * y[2])
		s13 += float32(x1 * y[3])
		at += stride
		bt += n
	}
	join((*[4]float32)(c0), s00, s01, s02, s03, first)
	join((*[4]float32)(c1), s10, s11, s12, s13, first)
}

// single computes one element.
func single(c *float32, a, b []float32, terms, n, stride int, first bool) {
	var s float32
	at, bt := 0, 0
	for range terms {
		s += float32(a[at] * b[bt])
		at += stride
		bt += n
	}
	if first {
		*c = s
	} else {
		*c += s
	}
}

// join stores the sums of the first block and adds those of later ones.
func join(c *[4]float32, s0, s1, s2, s3 float32, first bool) {
	if first {
		*c = [4]float32{s0, s1, s2, s3}
		return
	}
	c[0] += s0
	c[1] += s1
	c[2] += s2
	c[3] += s3
}
