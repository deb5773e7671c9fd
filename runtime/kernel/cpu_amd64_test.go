//go:build !purego

package kernel

import (
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestGodebugSwitchesFeaturesOff(t *testing.T) {
	for value, want := range map[string]bool{
		"cpu.avx2=off": true, "gctrace=1,cpu.avx2=off,cpu.fma=off": true, "cpu.avx2=on": false, "": false,
		"cpu.all=off": true, "cpu.avx512f=off": false, "xcpu.avx2=off": false, "cpu.avx2=offx": false,
	} {
		t.Setenv("GODEBUG", value)
		assert.Equal(t, want, off("avx2"), "GODEBUG=%s", value)
	}
	t.Setenv("GODEBUG", "cpu.avx512f=off,cpu.avx2=off")
	assert.False(t, hasAVX2())
	assert.False(t, hasAVX512())
	t.Setenv("GODEBUG", "cpu.fma=off")
	assert.False(t, hasAVX2(), "the products need it")
}

// What the kernel of Linux says of the processor is what the package finds, unless it is switched off.
func TestTheProcessorsFeaturesAreFound(t *testing.T) {
	text, err := os.ReadFile("/proc/cpuinfo")
	if err != nil {
		t.Skip("there is no /proc/cpuinfo")
	}
	words := strings.Fields(string(text))
	has := func(features ...string) bool {
		for _, f := range features {
			if !slices.Contains(words, f) {
				return false
			}
		}
		return true
	}
	narrow := has("avx2", "fma") && !off("avx2") && !off("fma")
	assert.Equal(t, narrow, avx2, "AVX2")
	assert.Equal(t, narrow && has("avx512f", "avx512dq", "avx512bw", "avx512vl", "bmi2") && !off("avx512f"), avx512, "AVX-512")
}
