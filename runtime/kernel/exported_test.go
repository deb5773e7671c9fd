package kernel

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// A kernel is an exported function whose first parameter is the pool. A map's is tested with the kernel that it stands for.
func TestEveryKernelHasASpecimen(t *testing.T) {
	tested, mapped := map[string]bool{}, map[string]bool{}
	for _, s := range specimens {
		tested[s.kernel()] = true
		mapped["Map"+s.kernel()] = s.mapped != nil
	}
	files, err := filepath.Glob("*.go")
	require.NoError(t, err)
	kernels := map[string]bool{}
	for _, file := range files {
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		tree, err := parser.ParseFile(token.NewFileSet(), file, nil, 0)
		require.NoError(t, err)
		for _, d := range tree.Decls {
			f, ok := d.(*ast.FuncDecl)
			if !ok || f.Recv != nil || !f.Name.IsExported() {
				continue
			}
			switch {
			case takesPool(f.Type):
				kernels[f.Name.Name] = true
				assert.True(t, tested[f.Name.Name], "%s in %s has no specimen: without one, nothing compares its assembly with portable code", f.Name.Name, file)
			case f.Name.Name == "MapBatchNormApply": // follows products alone, see TestBatchNormBehindAProduct
			case returnsMap(f.Type):
				assert.True(t, mapped[f.Name.Name], "%s in %s: the specimen of its kernel has no such map", f.Name.Name, file)
			}
		}
	}
	for name := range tested {
		assert.True(t, kernels[name], "%s has a specimen, but is no kernel", name)
	}
	assert.Greater(t, len(kernels), 50, "the search finds too few")
}

func takesPool(f *ast.FuncType) bool {
	if len(f.Params.List) == 0 {
		return false
	}
	p, ok := f.Params.List[0].Type.(*ast.StarExpr)
	return ok && named(p.X, "Pool")
}

func returnsMap(f *ast.FuncType) bool {
	return f.Results != nil && len(f.Results.List) == 1 && named(f.Results.List[0].Type, "Map")
}

func named(x ast.Expr, name string) bool {
	ident, ok := x.(*ast.Ident)
	return ok && ident.Name == name
}
