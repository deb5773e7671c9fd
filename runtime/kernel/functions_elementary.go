// Code generated from the functions of compiler/op; DO NOT EDIT.
// Rewrite it with: go test ./compiler -run Kernels -update

package kernel

// Exp1 returns eˣ.
func Exp1(x float32) float32 {
	e := Where(-105, x, -105, x)
	t := Where(e, 89, 89, e)
	k := Round(float32(t * 1.442695))
	r := (t - float32(k*0.6933594)) - float32(k*-0.00021219444)
	q := float32((float32((float32((float32(0.0013814465*r)+0.008368781)*r)+0.041668393)*r)+0.1666652)*r) + 0.49999994
	s := r + float32(float32(r*r)*q)
	half := Round(float32(k * 0.5))
	return float32(float32((1+s)*PowerOfTwo(half)) * PowerOfTwo(k-half))
}

// Sigmoid1 returns 1 / (1 + e⁻ˣ).
func Sigmoid1(x float32) float32 {
	e := Abs(x)
	t := Where(e, 105, 105, e)
	k := Round(float32(t * 1.442695))
	r := (t - float32(k*0.6933594)) - float32(k*-0.00021219444)
	q := float32((float32((float32((float32(0.0013814465*r)+0.008368781)*r)+0.041668393)*r)+0.1666652)*r) + 0.49999994
	s := r + float32(float32(r*r)*q)
	normal := Where(k, 126, 126, k)
	g := PowerOfTwo(0 - normal)
	y := float32((g / (1 + (g + s))) * PowerOfTwo(normal-k))
	return Where(x, 0, 1-y, y)
}

// Tanh1 returns tanh(x).
func Tanh1(x float32) float32 {
	a := Abs(x)
	e := float32(2 * a)
	t := Where(e, 20, 20, e)
	k := Round(float32(t * 1.442695))
	r := (t - float32(k*0.6933594)) - float32(k*-0.00021219444)
	q := float32((float32((float32((float32(0.0013814465*r)+0.008368781)*r)+0.041668393)*r)+0.1666652)*r) + 0.49999994
	s := r + float32(float32(r*r)*q)
	far := 1 - 2/(float32((1+s)*PowerOfTwo(k))+1)
	u := float32(a * a)
	near := a + float32(float32(a*u)*(float32((float32((float32((float32(-0.00590586*u)+0.02080538)*u)+-0.05378668)*u)+0.13331959)*u)+-0.333333))
	return CopySign(Where(a, 0.6, far, near), x)
}
