package kernel

// OneHot fills y [n, classes] with zeros and, in each row r, a 1 at c[r].
func OneHot(p *Pool, y []float32, c []int32, n, classes int) {
	clear(y[:n*classes])
	for r, class := range c[:n] {
		y[r*classes+int(class)] = 1
	}
}
