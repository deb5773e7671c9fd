package kernel

import "github.com/nnc-lang/nnc/runtime/rng"

// Noise fills n·size elements with numbers from the normal distribution around 0: element i of the step is number i mod 4 of
// the stream's Normals at (step, i/4) times std, rounded once. The first one is element stream.First() of the step.
func Noise(p *Pool, noise []float32, step uint64, stream rng.Stream, n, size int, std float32) {
	s := static{noise: noise[:n*size], step: step, stream: stream, std: float64(std)}
	tiles := (n*size + fillTile - 1) / fillTile
	if p != nil && tiles >= 2 {
		p.run(job{tile: func(j *job, tile int) { j.static.tile(tile) }, static: s}, tiles)
		return
	}
	for tile := range tiles {
		s.tile(tile)
	}
}

// static is the making of noise.
type static struct {
	noise  []float32
	step   uint64
	stream rng.Stream
	std    float64
}

// tile makes some elements of the noise.
func (s *static) tile(tile int) {
	from, to := tile*fillTile, min((tile+1)*fillTile, len(s.noise))
	f := filling{kind: asNormal, z: s.noise[from:to], std: s.std}
	first := s.stream.First() + uint64(from)
	block, skipped := first/4, int(first%4)
	if skipped == 0 && block>>32 == (block+fillTile/4)>>32 && f.assembly(s.stream, s.step, block) {
		return
	}
	for i := -skipped; i < len(f.z); i += 4 {
		for j, v := range s.stream.Normals(s.step, block+uint64((i+skipped)/4)) {
			if at := i + j; at >= 0 && at < len(f.z) {
				f.z[at] = float32(v * s.std)
			}
		}
	}
}
