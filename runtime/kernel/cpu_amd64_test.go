//go:build !purego

package kernel

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestGodebugSwitchesFeaturesOff(t *testing.T) {
	for value, want := range map[string]bool{
		"cpu.avx2=off": true, "gctrace=1,cpu.avx2=off,cpu.fma=off": true, "cpu.avx2=on": false, "": false,
		"cpu.avx512f=off": false, "xcpu.avx2=off": false, "cpu.avx2=offx": false,
	} {
		t.Setenv("GODEBUG", value)
		assert.Equal(t, want, off("avx2"), "GODEBUG=%s", value)
	}
	t.Setenv("GODEBUG", "cpu.avx512f=off,cpu.avx2=off")
	assert.False(t, hasAVX2())
	assert.False(t, hasAVX512())
}
