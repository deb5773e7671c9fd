package kernel

// zeros are never written to. They are what stands beyond an image, at most a block of terms of it, and the means of norms
// that take none away: of a group's rows, or of the rows of a block.
var zeros [block]float32

const _ = uint(block - mostTogether) // a group's rows fit
