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

// ExpShare1 returns eˣ from −87 to 88, 0 below.
func ExpShare1(x float32) float32 {
	t := min(max(x, -87), 88)
	k := Round(float32(t * 1.442695))
	r := (t - float32(k*0.6933594)) - float32(k*-0.00021219444)
	r2 := float32(r * r)
	q := (0.49999994 + float32(0.1666652*r)) + float32(r2*((0.041668393+float32(0.008368781*r))+float32(r2*0.0013814465)))
	s := r + float32(r2*q)
	y := float32((1 + s) * PowerOfTwo(k))
	return Where(-87, x, 0, y)
}

// Log1 returns ln x.
func Log1(x float32) float32 {
	up := Where(1.1754944e-38, x, float32(x*8.388608e+06), x)
	k := Exponent(up) - Where(1.1754944e-38, x, 23, 0)
	d := Significand(up) - 1
	d2 := float32(d * d)
	p := (0.3333333 + float32(-0.2500082*d)) + float32(d2*((0.20001242+float32(-0.16623409*d))+float32(d2*((0.14201581+float32(-0.13159613*d))+float32(d2*(0.127622+float32(-0.076363996*d)))))))
	rest := (float32(float32(d*d2)*p) - float32(0.5*d2)) + float32(k*-0.00021219444)
	y := float32(k*0.6933594) + (d + rest)
	return Where(x, 0, Where(x, 3.4028235e+38, x, y), Where(0, x, notANumber(), x-infinity()))
}

// LogRest1 returns ln(1 − x).
func LogRest1(x float32) float32 {
	u := 1 - x
	d := 1 - u
	return Where(Abs(d), 0, float32(Log1(u)*(x/d)), 0-x)
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

// Erf1 returns erf(x).
func Erf1(x float32) float32 {
	a := min(Abs(x), 4)
	u := float32(a * a)
	t := (float32(a*((-0.12837917+float32(0.36338046*a))+float32(u*((-0.102776624+float32(0.019149022*a))+float32(u*((0.00016735905+float32(-0.0016736377*a))+float32(u*((0.00063631317+float32(-0.000118586*a))+float32(u*9.359345e-06))))))))) - a) - u
	k := Round(float32(t * 1.442695))
	r := (t - float32(k*0.6933594)) - float32(k*-0.00021219444)
	r2 := float32(r * r)
	q := (0.49999994 + float32(0.1666652*r)) + float32(r2*((0.041668393+float32(0.008368781*r))+float32(r2*0.0013814465)))
	s := r + float32(r2*q)
	g := PowerOfTwo(k)
	return CopySign((1-g)-float32(g*s), x)
}

// Softplus1 returns ln(1 + eˣ).
func Softplus1(x float32) float32 {
	b := min(Abs(x), 1)
	v := float32(b * b)
	v2 := float32(v * v)
	near := 0.6931472 + (float32(0.5*x) + float32(v*((0.12499985+float32(-0.0052069873*v))+float32(v2*(0.00034329426+float32(-2.1653765e-05*v))))))
	e := Abs(x)
	u := Exp1(0 - e)
	u2 := float32(u * u)
	far := max(x, 0) + (u + float32(u2*((-0.4999991+float32(0.3332845*u))+float32(u2*((-0.24910168+float32(0.19222979*u))+float32(u2*(-0.1310864+float32(0.05336609*u))))))))
	return Where(0.36787945, u, far, near)
}

// SoftplusBelow1 returns ln(1 + e^−|x|).
func SoftplusBelow1(x float32) float32 {
	b := min(Abs(x), 1)
	v := float32(b * b)
	v2 := float32(v * v)
	e := Abs(x)
	near := 0.6931472 + (float32(-0.5*e) + float32(v*((0.12499985+float32(-0.0052069873*v))+float32(v2*(0.00034329426+float32(-2.1653765e-05*v))))))
	u := Exp1(0 - e)
	u2 := float32(u * u)
	far := u + float32(u2*((-0.4999991+float32(0.3332845*u))+float32(u2*((-0.24910168+float32(0.19222979*u))+float32(u2*(-0.1310864+float32(0.05336609*u)))))))
	return Where(0.36787945, u, far, near)
}

// RSqrt1 returns 1 / √x.
func RSqrt1(x float32) float32 {
	return 1 / Sqrt(x)
}

// Sin1 returns sin(x) for |x| ≤ 12868, else NaN.
func Sin1(x float32) float32 {
	a := Where(Abs(x), 12868, notANumber(), x)
	k := Round(float32(a * 0.63661975))
	r := ((((a - float32(k*1.5703125)) - float32(k*0.0004837513)) - float32(k*7.5495336e-08)) - float32(k*2.563283e-12)) - float32(k*6.123234e-17)
	v := float32(r * r)
	v2 := float32(v * v)
	sin := r + float32(float32(r*v)*((-0.16666655+float32(0.008332189*v))+float32(v2*-0.00019518292)))
	cos := (1 - float32(0.5*v)) + float32(v2*((0.041666646+float32(-0.0013887311*v))+float32(v2*2.4432567e-05)))
	left := k - float32(4*Round(float32(0.25*k)))
	odd := 1 - Abs(left)
	y := Where(Abs(odd), 0.5, float32(odd*sin), float32(left*cos))
	return Where(Abs(a), 0.00024414063, y, a)
}

// Cos1 returns cos(x) for |x| ≤ 12868, else NaN.
func Cos1(x float32) float32 {
	a := Where(Abs(x), 12868, notANumber(), x)
	k := Round(float32(a * 0.63661975))
	r := ((((a - float32(k*1.5703125)) - float32(k*0.0004837513)) - float32(k*7.5495336e-08)) - float32(k*2.563283e-12)) - float32(k*6.123234e-17)
	v := float32(r * r)
	v2 := float32(v * v)
	sin := r + float32(float32(r*v)*((-0.16666655+float32(0.008332189*v))+float32(v2*-0.00019518292)))
	cos := (1 - float32(0.5*v)) + float32(v2*((0.041666646+float32(-0.0013887311*v))+float32(v2*2.4432567e-05)))
	left := k - float32(4*Round(float32(0.25*k)))
	odd := 1 - Abs(left)
	return Where(Abs(odd), 0.5, float32(odd*cos), float32((0-left)*sin))
}

// ELU1 returns eˣ − 1 up to 0, x above.
func ELU1(x float32) float32 {
	t := min(max(x, -20), 1)
	k := Round(float32(t * 1.442695))
	r := (t - float32(k*0.6933594)) - float32(k*-0.00021219444)
	r2 := float32(r * r)
	q := (0.49999994 + float32(0.1666652*r)) + float32(r2*((0.041668393+float32(0.008368781*r))+float32(r2*0.0013814465)))
	s := r + float32(r2*q)
	g := PowerOfTwo(k)
	y := CopySign((g-1)+float32(g*s), x)
	return Where(x, 0, x, y)
}

// SiLU1 returns x / (1 + e⁻ˣ).
func SiLU1(x float32) float32 {
	t := min(Abs(x), 105)
	k := Round(float32(t * 1.442695))
	r := (t - float32(k*0.6933594)) - float32(k*-0.00021219444)
	r2 := float32(r * r)
	q := (0.49999994 + float32(0.1666652*r)) + float32(r2*((0.041668393+float32(0.008368781*r))+float32(r2*0.0013814465)))
	s := r + float32(r2*q)
	normal := min(k, 126)
	g := PowerOfTwo(0 - normal)
	share := Where(x, 0, (1-g)+s, g) / ((1 + g) + s)
	p := Where(x, 0, 0.5+float32(0.5*share), float32(share*PowerOfTwo(normal-k)))
	return float32(x * p)
}

// SiLUSlope1 returns the derivative of x / (1 + e⁻ˣ).
func SiLUSlope1(x float32) float32 {
	least := Sigmoid1(0 - Abs(x))
	p := Where(x, 0, 1-least, least)
	e := 1 - least
	return p + float32(x*float32(least*e))
}

// Mish1 returns x·tanh(ln(1 + eˣ)).
func Mish1(x float32) float32 {
	e1 := Exp1(min(x, 20))
	n := float32(e1 * (e1 + 2))
	return float32(x * (n / (n + 2)))
}

// MishSlope1 returns the derivative of x·tanh(ln(1 + eˣ)).
func MishSlope1(x float32) float32 {
	b := min(x, 20)
	e1 := Exp1(b)
	n := float32(e1 * (e1 + 2))
	d := n + 2
	return (float32(n*d) + float32(4*float32(b*float32(e1*(e1+1))))) / float32(d*d)
}

// GELU1 returns x·Φ(x).
func GELU1(x float32) float32 {
	a := Abs(x)
	b := min(a, 5.75)
	b2 := float32(b * b)
	t := max(float32(b*((-0.79788625+float32(0.18171255*b))+float32(b2*((-0.036432687+float32(0.0049763466*b))+float32(b2*((-0.00016801928+float32(-9.404959e-05*b))+float32(b2*(1.895784e-05+float32(-1.1916254e-06*b)))))))))-float32(float32(0.5*a)*a), -86.5)
	k := Round(float32(t * 1.442695))
	r := (t - float32(k*0.6933594)) - float32(k*-0.00021219444)
	r2 := float32(r * r)
	q := (0.49999994 + float32(0.1666652*r)) + float32(r2*((0.041668393+float32(0.008368781*r))+float32(r2*0.0013814465)))
	s := r + float32(r2*q)
	h := PowerOfTwo(k - 1)
	part := float32(h * s)
	lower := Where(a, 13, 0, h+part)
	p := Where(x, 0, (1-h)-part, lower)
	return float32(x * p)
}

// GELUSlope1 returns the derivative of x·Φ(x).
func GELUSlope1(x float32) float32 {
	b := min(Abs(x), 6)
	b2 := float32(b * b)
	p := (0.49999994 + float32(-0.797879*b)) + float32(b2*((0.24991824+float32(-0.13251874*b))+float32(b2*((0.061163906+float32(-0.024323579*b))+float32(b2*((0.007945708+float32(-0.0019771806*b))+float32(b2*((0.00034035757+float32(-3.529009e-05*b))+float32(b2*1.6362881e-06)))))))))
	t := max(float32(float32(-0.5*x)*x), -86.5)
	k := Round(float32(t * 1.442695))
	r := (t - float32(k*0.6933594)) - float32(k*-0.00021219444)
	r2 := float32(r * r)
	q := (0.49999994 + float32(0.1666652*r)) + float32(r2*((0.041668393+float32(0.008368781*r))+float32(r2*0.0013814465)))
	s := r + float32(r2*q)
	e1 := float32((1 + s) * PowerOfTwo(k))
	lower := Where(-122, k, 0, float32(e1*p))
	return Where(x, 0, 1-lower, lower)
}

// GELUTanh1 returns ½x·(1 + tanh(√(2/π)·(x + 0.044715x³))).
func GELUTanh1(x float32) float32 {
	v := float32(x * (1.5957692 + float32(0.071354814*float32(x*x))))
	t := min(Abs(v), 105)
	k := Round(float32(t * 1.442695))
	r := (t - float32(k*0.6933594)) - float32(k*-0.00021219444)
	r2 := float32(r * r)
	q := (0.49999994 + float32(0.1666652*r)) + float32(r2*((0.041668393+float32(0.008368781*r))+float32(r2*0.0013814465)))
	s := r + float32(r2*q)
	normal := min(k, 126)
	g := PowerOfTwo(0 - normal)
	share := Where(x, 0, (1-g)+s, g) / ((1 + g) + s)
	p := Where(x, 0, 0.5+float32(0.5*share), float32(share*PowerOfTwo(normal-k)))
	return float32(x * p)
}

// GELUTanhSlope1 returns the derivative of ½x·(1 + tanh(√(2/π)·(x + 0.044715x³))).
func GELUTanhSlope1(x float32) float32 {
	b := min(max(x, -10), 10)
	slope := float32(b * (1.5957692 + float32(0.21406445*float32(b*b))))
	e := float32(b * b)
	least := Sigmoid1(0 - Abs(float32(b*(1.5957692+float32(0.071354814*e)))))
	p := Where(slope, 0, 1-least, least)
	e2 := 1 - least
	return p + float32(slope*float32(least*e2))
}
