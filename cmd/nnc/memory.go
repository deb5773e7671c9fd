package main

import (
	"fmt"
	"math"
	"strconv"
	"strings"
)

// memory is an amount of it, in bytes, as --max-memory takes it.
type memory int64

// units are the units of memory, the longer names first.
var units = []struct {
	name  string
	bytes float64
}{
	{"KiB", 1 << 10}, {"MiB", 1 << 20}, {"GiB", 1 << 30}, {"TiB", 1 << 40},
	{"KB", 1e3}, {"MB", 1e6}, {"GB", 1e9}, {"TB", 1e12}, {"B", 1},
}

// UnmarshalText reads 512MiB, 8GiB, or a number of bytes.
func (m *memory) UnmarshalText(text []byte) error {
	number, unit := strings.TrimSpace(string(text)), 1.0
	for _, u := range units {
		if rest, ok := strings.CutSuffix(number, u.name); ok {
			number, unit = strings.TrimSpace(rest), u.bytes
			break
		}
	}
	x, err := strconv.ParseFloat(number, 64)
	if bytes := x * unit; err == nil && bytes >= 4 && bytes <= math.MaxInt64/2 {
		*m = memory(bytes)
		return nil
	}
	return fmt.Errorf("%q is no amount of memory: write 512MiB, 8GiB or a number of bytes", text)
}

// elements is how many float32s the memory holds.
func (m memory) elements() int { return int(min(int64(m)/4, math.MaxInt)) }
