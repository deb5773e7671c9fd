package dataset

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nnc-lang/nnc/runtime/data"
	"github.com/nnc-lang/nnc/runtime/format"
	"github.com/nnc-lang/nnc/runtime/rng"
)

func TestSplit(t *testing.T) {
	draw := func(s Split, n int, seed uint64) (train, valid []int, err error) {
		return s.draw(allRows(n), n, traits{}, rng.New(seed, "split"))
	}
	for text, held := range map[string]int{"0": 0, "0.1": 10, "0.001": 1, "last:30": 30, "0.5": 50, "0.29": 29} {
		s, err := ParseSplit("--valid", text)
		require.NoError(t, err)
		train, valid, err := draw(s, 100, 7)
		require.NoError(t, err)
		assert.Len(t, valid, held, text)
		assert.ElementsMatch(t, allRows(100), append(append([]int{}, train...), valid...), text)
		assert.IsIncreasing(t, append([]int{-1}, train...), text)
		again, _, err := draw(s, 100, 7)
		require.NoError(t, err)
		assert.Equal(t, train, again, text)
	}
	s, err := ParseSplit("--valid", "0.3")
	require.NoError(t, err)
	_, a, _ := draw(s, 100, 1)
	_, b, _ := draw(s, 100, 2)
	assert.NotEqual(t, a, b, "the seed draws the rows")
	_, valid, _ := draw(Split{last: 3, isLast: true}, 10, 1)
	assert.Equal(t, []int{7, 8, 9}, valid)
	for _, bad := range []string{"1", "-0.1", "x", "last:0", "last:", "last:-1", "nan"} {
		_, err := ParseSplit("--valid", bad)
		assert.ErrorContains(t, err, "--valid "+bad)
	}
	for n, held := range map[int]int{49: 0, 50: 5} {
		_, valid, err := draw(DefaultSplit(n, true), n, 1)
		require.NoError(t, err)
		assert.Len(t, valid, held)
	}
	_, _, err = draw(s, 1, 1)
	assert.ErrorContains(t, err, "1 row held out of 1 leave none to train on")
}

// classesOf is rows of classes 0, 1, … of these counts, mixed.
func classesOf(counts ...int) []int32 {
	var class []int32
	for i := 0; ; i++ {
		before := len(class)
		for k, n := range counts {
			if i < n {
				class = append(class, int32(k))
			}
		}
		if len(class) == before {
			return class
		}
	}
}

func perClass(rows []int, class []int32) map[int32]int {
	n := map[int32]int{}
	for _, r := range rows {
		n[class[r]]++
	}
	return n
}

// ⌊f·n⌋ rows, of each class ⌊size·n/all⌋ and the rest to the largest remainders.
func TestStratified(t *testing.T) {
	for name, tt := range map[string]struct {
		fraction float64
		counts   []int
		held     map[int32]int
	}{
		"even":                     {0.2, []int{50, 50, 50}, map[int32]int{0: 10, 1: 10, 2: 10}},
		"shares 9, 0.9 and 0.1":    {0.1, []int{90, 9, 1}, map[int32]int{0: 9, 1: 1}},
		"shares 5.3, 3.1 and 1.6":  {0.1, []int{53, 31, 16}, map[int32]int{0: 5, 1: 3, 2: 2}},
		"equal remainders":         {0.1, []int{5, 5}, map[int32]int{0: 1}},
		"a class of one row stays": {0.5, []int{1, 1, 8}, map[int32]int{2: 5}},
		"a row of each class":      {0.9, []int{2, 8}, map[int32]int{0: 1, 1: 7}},
		"all classes of one row":   {0.5, []int{1, 1, 1}, map[int32]int{}},
	} {
		t.Run(name, func(t *testing.T) {
			class := classesOf(tt.counts...)
			for seed := range uint64(5) {
				stay, held, err := Split{fraction: tt.fraction}.draw(allRows(len(class)), len(class), traits{class: class}, rng.New(seed, "split"))
				require.NoError(t, err)
				assert.Equal(t, tt.held, perClass(held, class))
				assert.ElementsMatch(t, allRows(len(class)), append(append([]int{}, stay...), held...))
			}
		})
	}
	class := classesOf(10, 10)
	_, held, err := Split{last: 2, isLast: true}.draw(allRows(20), 20, traits{class: class}, rng.New(1, "split"))
	require.NoError(t, err)
	assert.Equal(t, []int{18, 19}, held, "the last rows are the last ones whatever their class")
}

func TestGroupsStayTogether(t *testing.T) {
	group := make([]int32, 60)
	for i := range group {
		group[i] = int32(i % 13)
	}
	by := traits{group: group, class: classesOf(30, 30)}
	for seed := range uint64(20) {
		stay, held, err := Split{fraction: 0.25}.draw(allRows(60), 60, by, rng.New(seed, "split"))
		require.NoError(t, err)
		assert.NoError(t, by.apart(stay, held))
		// Groups have 4 or 5 rows, so that fewer than 5 rows are missing of 15.
		assert.Greater(t, len(held), 10)
		assert.LessOrEqual(t, len(held), 15)
	}
	_, held, err := Split{fraction: 0.01}.draw(allRows(60), 60, by, rng.New(1, "split"))
	require.NoError(t, err)
	assert.Len(t, held, 4, "the smallest group, though it is larger than 1 row")
	_, _, err = Split{fraction: 0.5}.draw(allRows(4), 4, traits{group: []int32{3, 3, 3, 3}}, rng.New(1, "split"))
	assert.ErrorContains(t, err, "all rows are of one group")
	_, _, err = Split{last: 1, isLast: true}.draw(allRows(4), 4, traits{group: []int32{0, 1, 1, 1}}, rng.New(1, "split"))
	assert.ErrorContains(t, err, "rows 2 and 4 are of one group")
}

// flowers is a table of three kinds, 40, 20 and 10 rows.
func flowers() string {
	var b strings.Builder
	b.WriteString("x,kind\n")
	for i, k := range classesOf(40, 20, 10) {
		fmt.Fprintf(&b, "%d,%s\n", i, []string{"rose", "aster", "iris"}[k])
	}
	return b.String()
}

// Rows to test on, those to choose by and those to train on: parts of all rows, with each class's share.
func TestTestRows(t *testing.T) {
	path := writeFile(t, "t.csv", flowers())
	q := Training{
		Data: []string{path}, Select: Select{Target: []string{"kind"}}, Test: []string{"0.3"}, Valid: "0.1", Inputs: features(1), Targets: classOf(3),
	}
	l, err := Load(q)
	require.NoError(t, err)
	counts := func(d *Set) map[int32]int {
		_, y := gather(d)
		n := map[int32]int{}
		for _, k := range y[0].Int {
			n[k]++
		}
		return n
	}
	// aster, iris, rose
	assert.Equal(t, map[int32]int{0: 6, 1: 3, 2: 12}, counts(l.Test))
	assert.Equal(t, map[int32]int{0: 2, 1: 1, 2: 4}, counts(l.Valid))
	assert.Equal(t, map[int32]int{0: 12, 1: 6, 2: 24}, counts(l.Train))
	assert.ElementsMatch(t, allRows(70), append(append(append([]int{}, l.Train.rows...), l.Valid.rows...), l.Test.rows...))
	assert.Empty(t, l.Notes)

	// The statistics are those of the rows to train on.
	mean := 0.0
	for _, r := range l.Train.rows {
		mean += float64(r) / 42
	}
	assert.InDelta(t, mean, l.Codec.Column(0).Mean, 1e-12)

	// The test is the same whatever is held out besides, and the rest is divided by another draw.
	q.Valid = "0"
	alone, err := Load(q)
	require.NoError(t, err)
	assert.Equal(t, l.Test.rows, alone.Test.rows)
	assert.Nil(t, alone.Valid)

	q.Test = []string{writeFile(t, "test.csv", "kind,x\niris,5\nrose,200\n")}
	l, err = Load(q)
	require.NoError(t, err)
	assert.Equal(t, map[int32]int{1: 1, 2: 1}, counts(l.Test))
	assert.Len(t, l.Notes, 1, "the iris of row 5 trains too")
	q.Test = []string{"last:69"}
	q.Valid = "0.1"
	_, err = Load(q)
	assert.ErrorContains(t, err, "7 rows held out of 1 leave none to train on, beside the ")
}

// Arrays of class indices are stratified too.
func TestStratifiedArrays(t *testing.T) {
	class := classesOf(40, 20, 10)
	x := make([]float32, 70)
	for i := range x {
		x[i] = float32(i)
	}
	l, err := Load(Training{
		Data:   []string{"features=" + arrayFile(t, "x.npy", &format.Array{Shape: []int{70}, Float: x}), "target=" + arrayFile(t, "y.npy", &format.Array{Shape: []int{70}, Int: class})},
		Valid:  "0.2",
		Inputs: features(1), Targets: classOf(3),
	})
	require.NoError(t, err)
	assert.Equal(t, map[int32]int{0: 8, 1: 4, 2: 2}, perClass(l.Valid.rows, class))
}

func TestTwins(t *testing.T) {
	q := Training{
		Data: []string{writeFile(t, "t.csv", "a,b,y\n1,2,3\n4,5,6\n1,2,4\n1,2,3\n-0,0,0\n0,0,0\n")}, Select: Select{Target: []string{"y"}},
		Valid: "last:3", Inputs: features(2), Targets: regression(1),
	}
	l, err := Load(q)
	require.NoError(t, err)
	require.Len(t, l.Notes, 1)
	assert.Contains(t, l.Notes[0], "warning: of 3 rows held out, 1 stands among the rows to train on too", "another target makes another row")
	q.Valid = "last:1"
	l, err = Load(q)
	require.NoError(t, err)
	require.Len(t, l.Notes, 1, "-0 is 0")
	q.Valid, q.ValidData = "", q.Data
	l, err = Load(q)
	require.NoError(t, err)
	assert.Contains(t, l.Notes[0], "warning: of 6 rows held out, 6 stand among")
}

func TestFolds(t *testing.T) {
	q := Training{
		Data: []string{writeFile(t, "t.csv", flowers())}, Select: Select{Target: []string{"kind"}}, Inputs: features(1), Targets: classOf(3),
	}
	for k, sizes := range map[int][]int{2: {35, 35}, 4: {18, 18, 17, 17}, 70: nil} {
		f, err := LoadFolds(q, k)
		require.NoError(t, err)
		var all []int
		class := f.whole.by.class
		for i := range k {
			l, err := f.Fold(i)
			require.NoError(t, err)
			if sizes != nil {
				assert.Equal(t, sizes[i], l.Valid.Rows())
				for kind, n := range map[int32]int{0: 20, 1: 10, 2: 40} {
					held := perClass(l.Valid.rows, class)[kind]
					assert.True(t, held == n/k || held == (n+k-1)/k, "%d of %d in fold %d of %d", held, n, i, k)
				}
			}
			assert.ElementsMatch(t, allRows(70), append(append([]int{}, l.Train.rows...), l.Valid.rows...))
			all = append(all, l.Valid.rows...)
			mean := 0.0
			for _, r := range l.Train.rows {
				mean += float64(r) / float64(len(l.Train.rows))
			}
			assert.InDelta(t, mean, l.Codec.Column(0).Mean, 1e-12, "the statistics are those of the fold's rows to train on")
		}
		assert.ElementsMatch(t, allRows(70), all, "each row is held out once")
	}
	_, err := LoadFolds(q, 71)
	assert.ErrorContains(t, err, "--folds 71: there are 70 rows")

	q.Test = []string{"0.1"}
	f, err := LoadFolds(q, 3)
	require.NoError(t, err)
	l, err := f.Fold(1)
	require.NoError(t, err)
	assert.Equal(t, []int{42, 21, 7}, []int{l.Train.Rows(), l.Valid.Rows(), l.Test.Rows()})
	l, err = f.All()
	require.NoError(t, err)
	assert.Equal(t, 63, l.Train.Rows())
	assert.Nil(t, l.Valid)
}

func TestFoldsOfGroups(t *testing.T) {
	group := []int32{0, 0, 0, 0, 1, 1, 1, 2, 2, 3, 4}
	f := &Folds{whole: &whole{by: traits{group: group}}, part: make([]int, len(group))}
	require.NoError(t, f.dealGroups(allRows(len(group)), 3))
	sizes, parts := map[int]int{}, map[int32]map[int]bool{}
	for r, p := range f.part {
		sizes[p]++
		if parts[group[r]] == nil {
			parts[group[r]] = map[int]bool{}
		}
		parts[group[r]][p] = true
	}
	assert.Equal(t, map[int]int{0: 4, 1: 4, 2: 3}, sizes) // 4; 3 and 1; 2 and 1
	for g, in := range parts {
		assert.Len(t, in, 1, "group %d", g)
	}
	assert.ErrorContains(t, f.dealGroups(allRows(len(group)), 6), "--folds 6: there are 5 groups")
}

// A flag's two classes are stratified as well; other numbers of a flag, or several targets, are not.
func TestClassesOfASet(t *testing.T) {
	flag := func(values ...float32) *Set {
		return &Set{targets: []field{{port: yesOrNo[0], size: 1, block: data.Block{Float: values}}}}
	}
	assert.Equal(t, []int32{1, 0, 1}, flag(1, 0, 1).classes())
	assert.Nil(t, flag(1, 0.5).classes())
	two := flag(1, 0)
	two.targets = append(two.targets, two.targets[0])
	assert.Nil(t, two.classes())
}

// A column of groups keeps its rows together, one of weights says how much rows count; neither is a feature.
func TestGroupAndWeightColumns(t *testing.T) {
	var b strings.Builder
	b.WriteString("x,g,w,y\n")
	for i := range 60 {
		fmt.Fprintf(&b, "%d,g%d,%g,%d\n", i, i%7, float64(i)/2, i)
	}
	q := Training{
		Data: []string{writeFile(t, "t.csv", b.String())}, Select: Select{Target: []string{"y"}, Group: "g", Weight: "w"},
		Valid: "0.3", Test: []string{"0.2"}, Inputs: features(1), Targets: regression(1),
	}
	l, err := Load(q)
	require.NoError(t, err)
	assert.Equal(t, []string{"x"}, l.Codec.Columns())
	side := map[int]*Set{}
	for _, d := range []*Set{l.Train, l.Valid, l.Test} {
		weights := d.Weights()
		for i, r := range d.rows {
			if side[r%7] == nil {
				side[r%7] = d
			}
			assert.Same(t, side[r%7], d, "row %d of group %d", r, r%7)
			assert.Equal(t, float32(r)/2, weights[i])
		}
	}
	assert.Len(t, side, 7)

	f, err := LoadFolds(q, 3)
	require.NoError(t, err)
	l, err = f.Fold(0)
	require.NoError(t, err)
	held := map[int]bool{}
	for _, r := range l.Valid.rows {
		held[r%7] = true
	}
	for _, r := range l.Train.rows {
		assert.False(t, held[r%7])
	}

	// Rows of another file have weights of their own, and may have groups.
	q.Valid, q.Test, q.ValidData = "", nil, []string{writeFile(t, "v.csv", "y,w,g,x\n1000,0.25,a,1000\n2000,4,b,2000\n")}
	l, err = Load(q)
	require.NoError(t, err)
	assert.Equal(t, []float32{0.25, 4}, l.Valid.Weights())
	assert.Empty(t, l.Notes)
	for cell, want := range map[string]string{"-1": "-1 is no weight", "1e99": "1e+99 is too large", "x": `"x" is not a number`, "": `the value is missing: --weight wants one in every row`} {
		q.ValidData = []string{writeFile(t, "v.csv", "y,w,x\n1,1,1\n2,"+cell+",2\n")}
		_, err = Load(q)
		assert.ErrorContains(t, err, `v.csv:3:3: column "w": `+want)
	}
	q.ValidData = []string{writeFile(t, "v.csv", "y,x\n1,1\n")}
	_, err = Load(q)
	assert.ErrorContains(t, err, `there is no column "w" (--weight names it`)
	q.ValidData, q.Valid = nil, "0"
	for text, want := range map[string]string{
		"1,a,-1,2\n":           `t.csv:2:5: column "w": -1 is no weight`,
		"1,a,1,2\n2,,1,3\n":    "--group wants one in every row",
		"1,a,1,2\n2,b,,3\n":    "--weight wants one in every row",
		"1,a,1,2\n2,b,abc,3\n": `"abc" is not a number`,
	} {
		q.Data = []string{writeFile(t, "t.csv", "x,g,w,y\n"+text)}
		_, err = Load(q)
		assert.ErrorContains(t, err, want)
	}
}

func TestIsPart(t *testing.T) {
	for text, want := range map[string]bool{"0.2": true, "7": true, "last:9": true, "last:x": true, "test.csv": false, "last": false, "": false} {
		assert.Equal(t, want, IsPart(text), text)
	}
}
