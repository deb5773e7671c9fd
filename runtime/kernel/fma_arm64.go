package kernel

// wide is what sums of products are computed in. On arm64, the compiler turns x·y + z into the fused instruction.
type wide = float32

func doubtful(wide) bool { return false }

func toOdd(s, _, _ wide) wide { return s }
