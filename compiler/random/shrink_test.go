package random

import (
	"errors"
	"flag"
	"fmt"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// smallest returns the smallest spec that rapid comes by, within about that time, from the one of a seed and so many statements, and its error: what
// fails returns of a spec.
func smallest(seed, statements int, within time.Duration, fails func(spec string) error) (spec string, err error) {
	for name, text := range map[string]string{"seed": strconv.Itoa(seed), "checks": "1", "nofailfile": "true", "shrinktime": within.String()} {
		if err := flag.Set("rapid."+name, text); err != nil {
			return "", err
		}
	}
	defer func() {
		if r := recover(); r != nil && r != any(errDone) {
			panic(r)
		}
	}()
	rapid.Check(quiet{}, func(t *rapid.T) {
		drawn := specs(statements).Draw(t, "spec")
		if failed := fails(drawn); failed != nil {
			spec, err = drawn, failed // the last that fails is the smallest: rapid tries it once more
			t.Fatal("it fails")
		}
	})
	return spec, err
}

// quiet takes what rapid has to say of a failure.
type quiet struct{}

// errDone is what ends the goroutine's work where rapid gives up.
var errDone = errors.New("rapid is done")

func (quiet) Helper()               {}
func (quiet) Name() string          { return "smallest" }
func (quiet) Logf(string, ...any)   {}
func (quiet) Log(...any)            {}
func (quiet) Skipf(string, ...any)  {}
func (quiet) Skip(...any)           {}
func (quiet) SkipNow()              {}
func (quiet) Errorf(string, ...any) {}
func (quiet) Error(...any)          {}
func (quiet) Fatalf(string, ...any) { panic(errDone) }
func (quiet) Fatal(...any)          { panic(errDone) }
func (quiet) FailNow()              { panic(errDone) }
func (quiet) Fail()                 {}
func (quiet) Failed() bool          { return false }

// A spec that fails because of one statement becomes one of little else, and stays one that fails.
func TestSmallest(t *testing.T) {
	for _, word := range []string{"maxpool1d", "repeat", "embedding", "class_weights"} {
		seed := 1
		for ; !strings.Contains(specs(most).Example(seed), word); seed++ {
		}
		tried := 0
		spec, err := smallest(seed, most, 20*time.Second, func(spec string) error {
			tried++
			if strings.Contains(spec, word) {
				return fmt.Errorf("it has %s", word)
			}
			return nil
		})
		require.ErrorContains(t, err, word)
		assert.Less(t, strings.Count(spec, "\n"), 25, "after %d tries:\n%s", tried, spec)
		t.Logf("%d tries of seed %d:\n%s", tried, seed, spec)
	}
}
