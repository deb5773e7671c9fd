package random

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// models is how many specs are tried. By hand it is as many as NNC_MODELS says, from the seed on that NNC_SEED says, of as
// many statements as NNC_STATEMENTS says:
//
//	NNC_MODELS=10000 NNC_SEED=201 go test ./compiler/random -run BuiltModels -v -timeout 0
const models = 200

// chunk is how many models a program has.
const chunk = 50

// shrinking is how long a spec that fails is made smaller.
const shrinking = 3 * time.Minute

// setting is a number from the environment.
func setting(t *testing.T, name string, otherwise int) int {
	text := os.Getenv(name)
	if text == "" {
		return otherwise
	}
	n, err := strconv.Atoi(text)
	require.NoError(t, err, name)
	return n
}

// TestBuiltModelsAgree compiles random models and compares what the built code computes with the meaning that stands on the
// operations' cards, in float64: outputs, every gradient, a few updates, predictions, losses of predictions. Each layer's
// operations may be written out or call kernels, share loops and share memory; the interpreter knows of none of it. Of what
// fails, the first is made as small as possible; keep it in testdata/kept.
func TestBuiltModelsAgree(t *testing.T) {
	if testing.Short() {
		t.Skip("builds and runs programs of many models")
	}
	t.Parallel()
	count, first, statements := setting(t, "NNC_MODELS", models), setting(t, "NNC_SEED", 1), setting(t, "NNC_STATEMENTS", most)
	var (
		lock   sync.Mutex
		sum    counts
		failed []int
	)
	t.Run("chunks", func(t *testing.T) {
		for from := first; from < first+count; from += chunk {
			t.Run(fmt.Sprint(from), func(t *testing.T) {
				t.Parallel()
				var drawn []string
				for seed := from; seed < min(from+chunk, first+count); seed++ {
					drawn = append(drawn, specs(statements).Example(seed))
				}
				n, errs := try(t, fmt.Sprintf("R%d", from), drawn)
				lock.Lock()
				defer lock.Unlock()
				sum.add(n)
				for i, err := range errs {
					if assert.NoError(t, err, "seed %d", from+i); err != nil {
						failed = append(failed, from+i)
					}
				}
				if count > models {
					fmt.Printf("%s: %v, %d failures\n", time.Now().Format(time.TimeOnly), sum, len(failed))
				}
			})
		}
	})
	t.Logf("seeds %d to %d: %v, %d failures", first, first+count-1, sum, len(failed))
	if len(failed) > 0 {
		known := map[string]error{}
		spec, err := smallest(slices.Min(failed), statements, shrinking, func(spec string) error {
			if _, tried := known[spec]; !tried {
				_, errs := try(t, "Small", []string{spec})
				known[spec] = errs[0]
			}
			return known[spec]
		})
		t.Logf("the smallest that fails, to be kept:\n%s\n%v", spec, err)
	}
}

// Models that were found to be compiled wrong are not any more.
func TestKeptModelsAgree(t *testing.T) {
	if testing.Short() {
		t.Skip("builds and runs a program of models")
	}
	t.Parallel()
	names, err := filepath.Glob("testdata/kept/*.nn")
	require.NoError(t, err)
	require.NotEmpty(t, names)
	var kept []string
	for _, name := range names {
		spec, err := os.ReadFile(name)
		require.NoError(t, err)
		kept = append(kept, string(spec))
	}
	_, errs := try(t, "Kept", kept)
	for i, err := range errs {
		assert.NoError(t, err, names[i])
	}
}

// try builds a program of some specs, vets it and compares what it makes. It returns an error or nil for each. One that
// keeps the program from being built or stops it has that for its error, and the others are tried without it.
func try(t *testing.T, prefix string, list []string) (n counts, errs []error) {
	errs = make([]error, len(list))
	exact := make([]*course, len(list))
	p := &program{folder: t.TempDir()}
	for i, spec := range list {
		tried, err := newTrial(fmt.Sprintf("%s_%d", prefix, i), spec)
		if errs[i] = err; err == nil {
			exact[i] = tried.draws()
			p.trials = append(p.trials, tried)
		}
	}
	blamed := regexp.MustCompile("(?i)\\b" + prefix + `_(\d+)`)
	for len(p.trials) > 0 {
		made, err := p.run()
		if err == nil {
			for i, c := range exact {
				if c != nil {
					errs[i] = compare(c.trial, c, made, &n)
				}
			}
			break
		}
		found := blamed.FindStringSubmatch(err.Error())
		require.NotNil(t, found, "%v", err)
		i, _ := strconv.Atoi(found[1])
		require.NotNil(t, exact[i], "%v", err)
		errs[i] = fmt.Errorf("%w\n%s", err, list[i])
		p.trials = slices.DeleteFunc(p.trials, func(t *trial) bool { return t == exact[i].trial })
		exact[i] = nil
		require.NoError(t, os.Remove(filepath.Join(p.folder, strings.ToLower(fmt.Sprintf("%s_%d_nn.go", prefix, i)))))
	}
	return n, errs
}
