// Package byhand has steps of training as one would write them for their very shapes: no checks, no state, arrays of
// constant length. Generated code is compared with them.
package byhand

// Rows is the number of rows of a step.
const Rows = 5

// Seed does one step of SGD, at a rate of 0.01, for the model 10-1 with squared error: w and b are its parameters, x [5, 10]
// the inputs, y [5] the targets. It returns the loss before the step.
func Seed(w *[10]float32, b *float32, x *[Rows * 10]float32, y *[Rows]float32) float32 {
	var d0, d1, d2, d3, d4, d5, d6, d7, d8, d9, db, loss float32
	for r := range Rows {
		x := (*[10]float32)(x[10*r:])
		e := *b + w[0]*x[0] + w[1]*x[1] + w[2]*x[2] + w[3]*x[3] + w[4]*x[4] +
			w[5]*x[5] + w[6]*x[6] + w[7]*x[7] + w[8]*x[8] + w[9]*x[9] - y[r]
		loss += e * e
		g := e * (2.0 / Rows)
		d0 += g * x[0]
		d1 += g * x[1]
		d2 += g * x[2]
		d3 += g * x[3]
		d4 += g * x[4]
		d5 += g * x[5]
		d6 += g * x[6]
		d7 += g * x[7]
		d8 += g * x[8]
		d9 += g * x[9]
		db += g
	}
	w[0] -= 0.01 * d0
	w[1] -= 0.01 * d1
	w[2] -= 0.01 * d2
	w[3] -= 0.01 * d3
	w[4] -= 0.01 * d4
	w[5] -= 0.01 * d5
	w[6] -= 0.01 * d6
	w[7] -= 0.01 * d7
	w[8] -= 0.01 * d8
	w[9] -= 0.01 * d9
	*b -= 0.01 * db
	return loss / Rows
}
