//go:build !purego

package kernel

import (
	"os"
	"strings"
)

//go:generate go run -C _asm . -file cpu -out ../cpu_amd64.s -stubs ../cpu_stubs_amd64.go -pkg kernel

// What the processor has, and the operating system saves. The environment variable GODEBUG may switch it off, by names that
// Go's own assembly goes by too: cpu.avx512f=off, cpu.avx2=off, cpu.fma=off, cpu.all=off.
var (
	avx2   = hasAVX2()           // registers of 256 bits, and fused multiply-adds
	avx512 = avx2 && hasAVX512() // registers of 512 bits and of masks. The assembly looks at it: see _asm/function.go.
)

// Bits of what CPUID and XGETBV return.
const (
	bitFMA, bitOSXSAVE, bitAVX = 1 << 12, 1 << 27, 1 << 28 // of leaf 1
	bitAVX2, bitBMI2           = 1 << 5, 1 << 8            // of leaf 7, as what follows
	bitF, bitDQ, bitBW, bitVL  = 1 << 16, 1 << 17, 1 << 30, 1 << 31

	savedYMM, savedZMM = 0x06, 0xe6
)

func hasAVX2() bool {
	const basic = bitFMA | bitOSXSAVE | bitAVX
	if most, _, _, _ := cpuid(0, 0); most < 7 || off("avx2") || off("fma") {
		return false
	}
	if _, _, features, _ := cpuid(1, 0); features&basic != basic {
		return false
	}
	return extended(bitAVX2, savedYMM)
}

func hasAVX512() bool {
	return extended(bitBMI2|bitF|bitDQ|bitBW|bitVL, savedZMM) && !off("avx512f")
}

// extended tells whether there are all of the features of leaf 7, and registers that are saved.
func extended(features, registers uint32) bool {
	_, has, _, _ := cpuid(7, 0)
	saved, _ := xgetbv()
	return has&features == features && saved&registers == registers
}

// off tells whether GODEBUG switches a feature off.
func off(feature string) bool {
	set := "," + os.Getenv("GODEBUG") + ","
	return strings.Contains(set, ",cpu."+feature+"=off,") || strings.Contains(set, ",cpu.all=off,")
}
