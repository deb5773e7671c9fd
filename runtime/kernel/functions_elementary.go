// Code generated from the functions of compiler/op; DO NOT EDIT.
// Rewrite it with: go test ./compiler -run Kernels -update

package kernel

// Exp1 returns eˣ.
func Exp1(x float32) float32 {
	t := min(max(x, -105), 89)
	k := Round(float32(t * 1.442695))
	r := (t - float32(k*0.6933594)) - float32(k*-0.00021219444)
	r2 := float32(r * r)
	q := (0.49999994 + float32(0.1666652*r)) + float32(r2*((0.041668393+float32(0.008368781*r))+float32(r2*0.0013814465)))
	s := r + float32(r2*q)
	half := Round(float32(k * 0.5))
	return float32(float32((1+s)*PowerOfTwo(half)) * PowerOfTwo(k-half))
}

// Sigmoid1 returns 1 / (1 + e⁻ˣ).
func Sigmoid1(x float32) float32 {
	t := min(Abs(x), 105)
	k := Round(float32(t * 1.442695))
	r := (t - float32(k*0.6933594)) - float32(k*-0.00021219444)
	r2 := float32(r * r)
	q := (0.49999994 + float32(0.1666652*r)) + float32(r2*((0.041668393+float32(0.008368781*r))+float32(r2*0.0013814465)))
	s := r + float32(r2*q)
	normal := min(k, 126)
	g := PowerOfTwo(0 - normal)
	y := float32((g / (1 + (g + s))) * PowerOfTwo(normal-k))
	return Where(x, 0, 1-y, y)
}

// Tanh1 returns tanh(x).
func Tanh1(x float32) float32 {
	a := Abs(x)
	t := min(float32(2*a), 20)
	k := Round(float32(t * 1.442695))
	r := (t - float32(k*0.6933594)) - float32(k*-0.00021219444)
	r2 := float32(r * r)
	q := (0.49999994 + float32(0.1666652*r)) + float32(r2*((0.041668393+float32(0.008368781*r))+float32(r2*0.0013814465)))
	s := r + float32(r2*q)
	far := 1 - 2/(float32((1+s)*PowerOfTwo(k))+1)
	u := float32(a * a)
	u2 := float32(u * u)
	near := a + float32(float32(a*u)*((-0.333333+float32(0.13331959*u))+float32(u2*((-0.05378668+float32(0.02080538*u))+float32(u2*-0.00590586)))))
	return CopySign(Where(a, 0.6, far, near), x)
}
