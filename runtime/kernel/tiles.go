package kernel

// chunk is the number of rows of a strip in one tile of a job: a multiple of the assembly's six.
const chunk = 192

// worthSharing is the number of multiply-adds from which on the workers share them: 10 µs. Half of that would gain a
// microsecond, and keep a core busy with looking for it.
const worthSharing = 1 << 19

// strips returns the number of chunks of that many rows, and of tiles, where there is a strip for each 16 columns.
func strips(rows, columns int) (chunks, tiles int) {
	chunks = (rows + chunk - 1) / chunk
	return chunks, chunks * ((columns + panel - 1) / panel)
}

// cut returns the columns and the rows that are the tile's.
func (j *job) cut(tile, rows, columns int) (column, width, row, height int) {
	column, row = tile/j.chunks*panel, tile%j.chunks*chunk
	return column, min(panel, columns-column), row, min(chunk, rows-row)
}

// shared tells whether the pool's workers should share a product.
func (p *Pool) shared(multiplyAdds int) bool { return p != nil && multiplyAdds >= worthSharing }

// follow makes the job compute those maps after the product.
func (j *job) follow(maps []Map) { j.followed = copy(j.maps[:], maps) }

// then computes the maps that follow for a part of the result that is complete: see Map.strip.
func (j *job) then(from, rows, columns, stride int) {
	for i := range j.maps[:j.followed] {
		j.maps[i].strip(from, rows, columns, stride)
	}
}
