package compiler_test

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// elementary are the functions of package math that have assembly on some platforms, and other bits there.
var elementary = regexp.MustCompile(`\bmath\.(Exp|Exp2|Expm1|Log|Log2|Log10|Log1p|Pow|Pow10|Sin|Cos|Tan|Sincos|Asin|Acos|Atan|Atan2|Sinh|Cosh|Tanh|Asinh|Acosh|Atanh|Cbrt|Hypot|Erf|Erfc|Gamma|Lgamma|FMA)\(`)

// TestRuntimeComputesItsOwnElementaryFunctions keeps the runtime's numbers the same on every platform.
func TestRuntimeComputesItsOwnElementaryFunctions(t *testing.T) {
	files, err := filepath.Glob("../runtime/*/*.go")
	require.NoError(t, err)
	require.NotEmpty(t, files)
	for _, path := range files {
		if strings.HasSuffix(path, "_test.go") {
			continue
		}
		source, err := os.ReadFile(path)
		require.NoError(t, err)
		assert.Empty(t, elementary.FindAllString(string(source), -1), "%s: call package kernel's", path)
	}
}
