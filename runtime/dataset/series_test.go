package dataset

import (
	"fmt"
	"io"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nnc-lang/nnc/runtime/data"
)

// counting is a table of a series whose every cell tells its row, from 0: y is the row, z 1000 more.
func counting(rows int) string {
	var b strings.Builder
	b.WriteString("y,z\n")
	for r := range rows {
		fmt.Fprintf(&b, "%d,%d\n", r, 1000+r)
	}
	return b.String()
}

// ofWindows is what to train on where rows make windows of window rows of y and z, of which ahead are forecast.
func ofWindows(t testing.TB, table string, window, horizon, ahead int) Training {
	return Training{
		Data: []string{writeFile(t, "s.csv", table)}, Select: Select{Target: []string{"y"}}, Scale: data.ScaleNone, Window: window, Horizon: horizon,
		Inputs:  []data.Port{{Name: "x", Shape: []int{window, 2}}},
		Targets: regression(ahead),
	}
}

// blocksOf has room for n rows of q.
func blocksOf(q Training, n int) (inputs, targets []data.Block) {
	return newBlocks(q.Inputs, n), newBlocks(q.Targets, n)
}

// rowsOf are the rows of the counting table that each window of a set, and its targets, lie in, checked cell by cell.
func rowsOf(t *testing.T, set *Set, q Training) (windows [][]int) {
	t.Helper()
	window, ahead := q.Window, q.Targets[0].Size()
	inputs, targets := blocksOf(q, 1)
	for i := range set.Rows() {
		set.Gather([]int{i}, inputs, targets)
		x, y := inputs[0].Float, targets[0].Float
		first := int(x[0])
		var rows []int
		for k := range window {
			require.Equal(t, []float32{float32(first + k), float32(1000 + first + k)}, x[2*k:2*k+2])
			rows = append(rows, first+k)
		}
		for k := range ahead {
			require.Equal(t, float32(first+window-1+max(1, q.Horizon)+k), y[k])
			rows = append(rows, int(y[k]))
		}
		windows = append(windows, rows)
	}
	return windows
}

func union(windows [][]int) map[int]bool {
	rows := map[int]bool{}
	for _, w := range windows {
		for _, r := range w {
			rows[r] = true
		}
	}
	return rows
}

// Windows hold the rows that they are of, and no row of one that is held out is in one that trains.
func TestWindows(t *testing.T) {
	for _, tt := range []struct {
		rows, window, horizon, ahead int
		valid, test                  string
		train, held, tested          int
	}{
		{rows: 40, window: 4, ahead: 1, valid: "0", train: 36},
		{rows: 40, window: 4, ahead: 1, valid: "last:5", train: 36 - 5 - 4, held: 5},
		{rows: 40, window: 4, ahead: 1, valid: "0.25", train: 36 - 9 - 4, held: 9},
		{rows: 40, window: 3, horizon: 2, ahead: 3, valid: "last:4", test: "last:6", train: 34 - 6 - 6 - 4 - 6, held: 4, tested: 6},
		{rows: 60, window: 5, ahead: 2, train: 54 - 5 - 6, held: 5}, // a tenth, as nothing is said
		{rows: 30, window: 1, ahead: 1, valid: "last:1", train: 29 - 1 - 1, held: 1},
		{rows: 30, window: 2, horizon: 7, ahead: 1, valid: "last:3", train: 22 - 3 - 8, held: 3},
	} {
		t.Run(fmt.Sprint(tt), func(t *testing.T) {
			q := ofWindows(t, counting(tt.rows), tt.window, tt.horizon, tt.ahead)
			q.Valid = tt.valid
			if tt.test != "" {
				q.Test = []string{tt.test}
			}
			l, err := Load(q)
			require.NoError(t, err)
			parts := [][][]int{rowsOf(t, l.Train, q), nil, nil}
			if l.Valid != nil {
				parts[1] = rowsOf(t, l.Valid, q)
			}
			if l.Test != nil {
				parts[2] = rowsOf(t, l.Test, q)
			}
			for i, want := range []int{tt.train, tt.held, tt.tested} {
				assert.Len(t, parts[i], want, "part %d", i)
			}
			for i := range parts {
				for j := range i {
					for r := range union(parts[i]) {
						assert.False(t, union(parts[j])[r], "row %d is in parts %d and %d", r, j, i)
					}
				}
			}
			last := parts[0]
			for _, part := range parts[1:] {
				if len(part) > 0 {
					last = part
				}
			}
			assert.Contains(t, union(last), tt.rows-1, "the last row is made use of")
		})
	}
}

// Whatever stands in rows that are held out, what trains is the same to the bit, statistics and scaling included.
func TestNothingLeaksFromHeldOutRows(t *testing.T) {
	load := func(table string) (string, []float32, []float32) {
		q := ofWindows(t, table, 6, 2, 2)
		q.Scale, q.Valid, q.Test = data.ScaleStandard, "last:9", []string{"last:4"}
		l, err := Load(q)
		require.NoError(t, err)
		text, err := l.Codec.Text()
		require.NoError(t, err)
		inputs, targets := blocksOf(q, l.Train.Rows())
		l.Train.Gather(allRows(l.Train.Rows()), inputs, targets)
		return text, inputs[0].Float, targets[0].Float
	}
	const rows, span = 80, 9
	train := rows - span + 1 - 4 - (span - 1) - 9 - (span - 1) // windows
	used := train + span - 1                                   // rows
	text, x, y := load(counting(rows))
	lines := strings.SplitAfter(counting(rows), "\n")
	for r := used; r < rows; r++ {
		lines[1+r] = fmt.Sprintf("%d,%d\n", r*r*r, -r)
	}
	otherText, otherX, otherY := load(strings.Join(lines, ""))
	assert.Equal(t, text, otherText)
	assert.Equal(t, x, otherX)
	assert.Equal(t, y, otherY)

	// Of the numbers 0 to m−1 the mean is (m−1)/2 and the deviation √((m²−1)/12).
	codec, err := data.ParseCodec([]byte(text))
	require.NoError(t, err)
	m := float64(used)
	for _, column := range []*data.Column{codec.Column(0), &codec.Targets()[0].Columns[0], &codec.Targets()[0].Columns[1]} {
		assert.Equal(t, "y", column.Name)
		assert.InDelta(t, (m-1)/2, column.Mean, 1e-12)
		assert.InDelta(t, math.Sqrt((m*m-1)/12), column.Deviation, 1e-12)
	}
	assert.Equal(t, []string{"y+2", "y+3"}, codec.Targets()[0].Names())
	assert.Equal(t, []string{"y"}, codec.Targets()[0].Sources())

	// A change in the last row that trains does show.
	lines[used] = "7,7\n"
	otherText, _, _ = load(strings.Join(lines, ""))
	assert.NotEqual(t, text, otherText)
}

// A file of its own gives the windows that lie in it, read as they come as well as all at once, and so does a history.
func TestWindowsOfOtherFiles(t *testing.T) {
	q := ofWindows(t, counting(50), 5, 3, 2)
	q.ValidData = []string{writeFile(t, "v.csv", counting(800))}
	l, err := Load(q)
	require.NoError(t, err)
	require.Equal(t, 800-9+1, l.Valid.Rows())
	windows := rowsOf(t, l.Valid, q)

	for _, most := range []int{1, 7, 300, 1000} {
		r, err := OpenRows(Rows{Data: q.ValidData, Inputs: q.Inputs, Targets: q.Targets, Judge: true}, l.Codec)
		require.NoError(t, err)
		inputs, targets := blocksOf(q, most)
		at := 0
		for {
			n, err := r.Read(inputs, targets, most)
			if err == io.EOF {
				break
			}
			require.NoError(t, err)
			for i := range n {
				require.Equal(t, float32(windows[at][0]), inputs[0].Float[i*10])
				require.Equal(t, float32(windows[at][4]), inputs[0].Float[i*10+8])
				require.Equal(t, []float32{float32(windows[at][5]), float32(windows[at][6])}, targets[0].Float[2*i:2*i+2])
				at++
			}
		}
		assert.Equal(t, len(windows), at)
		require.NoError(t, r.Close())
	}

	// To predict there is a window behind each row from the fifth on, with the cells of that row; the target is a feature.
	r, err := OpenRows(Rows{Data: q.ValidData, Inputs: q.Inputs, Targets: q.Targets, Keep: []string{"z"}}, l.Codec)
	require.NoError(t, err)
	defer r.Close()
	h, err := l.Codec.NewHistory()
	require.NoError(t, err)
	_, err = h.Window()
	assert.ErrorContains(t, err, "a window is 5 rows, and there are only 0")
	inputs, _ := blocksOf(q, 1000)
	n, err := r.Read(inputs, nil, 1000)
	require.NoError(t, err)
	require.Equal(t, 796, n)
	for row := range 800 {
		assert.Equal(t, max(0, 5-row), h.Missing())
		if row%2 == 0 {
			require.NoError(t, h.Add([]string{fmt.Sprint(row), fmt.Sprint(1000 + row)}))
		} else {
			require.NoError(t, h.AddMap(map[string]string{"z": fmt.Sprint(1000 + row), "y": fmt.Sprint(row)}))
		}
		require.ErrorContains(t, h.Add([]string{"x", "1"}), `"x" is not a number`)
		if i := row - 4; i >= 0 {
			window, err := h.Window()
			require.NoError(t, err)
			require.Equal(t, inputs[0].Float[10*i:10*i+10], window[0].Float)
			require.Equal(t, []string{fmt.Sprint(1000 + row)}, r.Kept()[i])
		}
	}
	assert.Equal(t, []data.Port{{Shape: []int{5, 2}}}, l.Codec.Inputs())
	assert.Equal(t, 2, l.Codec.Width(), "of a row")
}

// Classes can be forecast, and what a class was is a feature: indicators, or an integer.
func TestWindowsOfClasses(t *testing.T) {
	q := Training{
		Data: []string{writeFile(t, "s.csv", "sky\nrain\nsun\nfog\nsun\nrain\nfog\n")}, Select: Select{Target: []string{"sky"}}, Window: 2,
		Inputs: []data.Port{{Name: "x", Shape: []int{2, 3}}}, Targets: classOf(3),
	}
	l, err := Load(q)
	require.NoError(t, err)
	inputs, targets := blocksOf(q, 4)
	l.Train.Gather(allRows(4), inputs, targets)
	assert.Equal(t, []float32{0, 1, 0, 0, 0, 1}, inputs[0].Float[:6]) // fog, rain, sun
	assert.Equal(t, []int32{0, 2, 1, 0}, targets[0].Int)
	assert.Equal(t, []int32{0, 2, 1, 0}, l.Train.Classes())

	q.Index, q.Inputs = []string{"sky"}, []data.Port{{Name: "x", Shape: []int{2}, Int: true, Limit: 3}}
	q.Targets[0].Shape = []int{2} // of the next two rows
	l, err = Load(q)
	require.NoError(t, err)
	inputs, targets = blocksOf(q, 3)
	l.Train.Gather(allRows(3), inputs, targets)
	assert.Equal(t, []int32{1, 2, 2, 0, 0, 2}, inputs[0].Int)
	assert.Equal(t, []int32{0, 2, 2, 1, 1, 0}, targets[0].Int)
	r, err := OpenRows(Rows{Data: q.Data, Inputs: q.Inputs, Targets: q.Targets, Judge: true}, l.Codec)
	require.NoError(t, err)
	defer r.Close()
	set, err := r.ReadAll(q.Inputs, q.Targets)
	require.NoError(t, err)
	read, judged := blocksOf(q, 3)
	set.Gather(allRows(3), read, judged)
	assert.Equal(t, inputs, read)
	assert.Equal(t, targets, judged)
	text, err := l.Codec.Text()
	require.NoError(t, err)
	codec, err := data.ParseCodec([]byte(text))
	require.NoError(t, err)
	assert.Equal(t, []string{"sky+1", "sky+2"}, codec.Targets()[0].NamesOf(2))
	assert.Equal(t, []string{"sky"}, codec.Targets()[0].Sources())
	h, err := codec.NewHistory()
	require.NoError(t, err)
	for _, sky := range []string{"rain", "sun", "fog"} {
		require.NoError(t, h.Add([]string{sky}))
	}
	window, err := h.Window()
	require.NoError(t, err)
	assert.Equal(t, []int32{2, 0}, window[0].Int)
}

// Several inputs take windows of the same rows, each of its own columns, as a history gives them too.
func TestWindowsOfSeveralInputs(t *testing.T) {
	table := "y,hour\n"
	for r := range 30 {
		table += fmt.Sprintf("%d,%d\n", 10*r, r%24)
	}
	q := Training{
		Data: []string{writeFile(t, "s.csv", table)}, Select: Select{Target: []string{"y"}, Features: []string{"past=y", "clock=hour"}}, Window: 3, Scale: data.ScaleNone,
		Inputs:  []data.Port{{Name: "clock", Shape: []int{3}, Int: true, Limit: 24}, {Name: "past", Shape: []int{3, 1}}},
		Targets: regression(1),
	}
	l, err := Load(q)
	require.NoError(t, err)
	require.Equal(t, 27, l.Train.Rows())
	inputs, targets := blocksOf(q, 27)
	l.Train.Gather(allRows(27), inputs, targets)
	h, err := l.Codec.NewHistory()
	require.NoError(t, err)
	for r := range 29 {
		require.NoError(t, h.AddMap(map[string]string{"y": fmt.Sprint(10 * r), "hour": fmt.Sprint(r % 24)}))
		first := r - 2
		if first < 0 {
			continue
		}
		window, err := h.Window()
		require.NoError(t, err)
		assert.Equal(t, []int32{int32(first % 24), int32((first + 1) % 24), int32((first + 2) % 24)}, window[0].Int)
		assert.Equal(t, []float32{float32(10 * first), float32(10*first + 10), float32(10*first + 20)}, window[1].Float)
		assert.Equal(t, window[0].Int, inputs[0].Int[3*first:3*first+3])
		assert.Equal(t, window[1].Float, inputs[1].Float[3*first:3*first+3])
		if first < 27 {
			assert.Equal(t, float32(10*first+30), targets[0].Float[first])
		}
	}
}

// What a target was is no feature where a flag says so, and others can be chosen.
func TestFeaturesOfWindows(t *testing.T) {
	for name, tt := range map[string]struct {
		sel  Select
		want []string
	}{
		"all":        {Select{}, []string{"y", "z"}},
		"no past":    {Select{Drop: []string{"y"}}, []string{"z"}},
		"no past by": {Select{Features: []string{"z"}}, []string{"z"}},
		"only past":  {Select{Features: []string{"y"}}, []string{"y"}},
		"id":         {Select{ID: []string{"z"}}, []string{"y"}},
		"order":      {Select{Features: []string{"z", "y"}}, []string{"z", "y"}},
	} {
		t.Run(name, func(t *testing.T) {
			q := ofWindows(t, counting(20), 3, 1, 1)
			q.Select = tt.sel
			q.Target = []string{"y"}
			q.Inputs[0].Shape = []int{3, len(tt.want)}
			l, err := Load(q)
			require.NoError(t, err)
			assert.Equal(t, tt.want, l.Codec.Columns())
		})
	}
}

// A row without a target stays in its place: only the windows that would forecast it are left out.
func TestWindowsWithoutATarget(t *testing.T) {
	lines := strings.SplitAfter(counting(12), "\n")
	lines[1+6] = ",1006\n"
	q := ofWindows(t, strings.Join(lines, ""), 3, 1, 2)
	_, err := Load(q)
	assert.ErrorContains(t, err, `s.csv:8:1: column "y": the value is missing`)
	q.SkipMissingTarget = true
	l, err := Load(q)
	require.NoError(t, err)
	first := func(set *Set, y int) (starts []float32) {
		inputs, targets := blocksOf(q, 1)
		for i := range set.Rows() {
			set.Gather([]int{i}, inputs, targets)
			starts = append(starts, inputs[0].Float[1]-1000)
			assert.Equal(t, inputs[0].Float[1]-1000+3, targets[0].Float[0])
		}
		return starts
	}
	want := []float32{0, 1, 4, 5, 6, 7} // not 2 and 3, which forecast rows 5, 6 and 6, 7
	assert.Equal(t, want, first(l.Train, 0))
	assert.Contains(t, l.Notes, "1 row without a target, of 12: windows that forecast them are left out")

	r, err := OpenRows(Rows{Data: q.Data, Inputs: q.Inputs, Targets: q.Targets, Judge: true, Reading: q.Reading}, l.Codec)
	require.NoError(t, err)
	defer r.Close()
	set, err := r.ReadAll(q.Inputs, q.Targets)
	require.NoError(t, err)
	assert.Equal(t, want, first(set, 0))
	r, err = OpenRows(Rows{Data: q.Data, Inputs: q.Inputs, Targets: q.Targets, Judge: true, Reading: q.Reading}, l.Codec)
	require.NoError(t, err)
	defer r.Close()
	inputs, targets := blocksOf(q, 20)
	n, err := r.Read(inputs, targets, 20)
	require.NoError(t, err)
	assert.Equal(t, len(want), n)
	assert.Contains(t, r.Remarks(), "1 row without a target: windows that forecast them are left out")
}

func TestBadWindows(t *testing.T) {
	for name, tt := range map[string]struct {
		change func(q *Training)
		want   string
	}{
		"too few": {func(q *Training) { q.Data = []string{writeFile(t, "s.csv", counting(4))} }, "s.csv: there are only 4 rows: a window of 4 rows, with the target 1 row after it, takes 5"},
		"too few for them": {func(q *Training) {
			q.Data = []string{writeFile(t, "s.csv", counting(6))}
			q.Horizon = 3
			q.Targets = regression(2)
		}, "with targets up to 4 rows after it, takes 8"},
		"all held out":   {func(q *Training) { q.Valid = "last:35" }, "--valid: of 36 windows the last 35 are held out, and none is left to train on that shares no row with them (a window and its target take 5 rows)"},
		"tested":         {func(q *Training) { q.Valid, q.Test = "last:20", []string{"last:12"} }, "--test holds out 12 of 36 windows and --valid, a tenth unless it is said, the last 20 before these: none is left to train on"},
		"another window": {func(q *Training) { q.Window = 5 }, "the model's input x[4, 2] takes no windows of 5 rows: say --window 4, or write `input x[5, 2]`"},
		"flat":           {func(q *Training) { q.Inputs[0].Shape = []int{8} }, "the model's input x[8] takes no windows of 4 rows: write `input x[4, 2]`"},
		"an image":       {func(q *Training) { q.Inputs[0].Shape = []int{4, 2, 1} }, "write `input x[4, 2]`"},
		"too wide":       {func(q *Training) { q.Inputs[0].Shape = []int{4, 3} }, "the columns make 2 features in a row, but the model's input x takes 3"},
		"what to write":  {func(q *Training) { q.Inputs[0].Shape = []int{4, 3} }, "write `input x[4, 2]`, or choose columns"},
		"uneven":         {func(q *Training) { q.Target, q.Targets = []string{"y", "z"}, regression(3) }, "2 target columns for 3 values that the model gives"},
		"no target":      {func(q *Training) { q.Target = nil }, "which column is the target?"},
		"many targets":   {func(q *Training) { q.Target = []string{"y", "z"} }, "--target names 2 columns (y, z), but what the model learns takes 1"},
		"horizon alone":  {func(q *Training) { q.Window, q.Horizon = 0, 2 }, "--horizon 2 says how far after a window the target is: say with --window"},
		"huge":           {func(q *Training) { q.Window = 1 << 40 }, "a window of 1099511627776 rows: it must have 1 to 1048576"},
		"far":            {func(q *Training) { q.Horizon = 1 << 40 }, "a horizon of 1099511627776 rows"},
		"short groups":   {func(q *Training) { q.Group = "z"; q.Inputs[0].Shape = []int{4, 1} }, "s.csv: no z has more than 1 row: a window of 4 rows, with the target 1 row after it, takes 5"},
		"weights":        {func(q *Training) { q.Weight = "z" }, "--weight and --window exclude each other"},
		"a draw":         {func(q *Training) { q.Seeded = true }, "--split-seed draws the rows that are held out, but with --window they are the last: leave it out"},
		"itself":         {func(q *Training) { q.Inputs[0].Judged = q.Targets[0].Judged }, "compares with the input x itself"},
		"arrays":         {func(q *Training) { q.Data = []string{"x=" + arrayFile(t, "x.npy", facets)} }, "--window makes windows of the rows of a table, but x="},
		"all missing": {func(q *Training) {
			q.Data = []string{writeFile(t, "s.csv", "y,z\n"+strings.Repeat(",1\n", 9))}
			q.SkipMissingTarget = true
		}, "no row has a target"},
		"no window": {func(q *Training) {
			q.Data = []string{writeFile(t, "s.csv", "y,z\n1,1\n1,1\n1,1\n1,1\n,1\n")}
			q.SkipMissingTarget = true
		}, "s.csv: no window has a target after it"},
	} {
		t.Run(name, func(t *testing.T) {
			q := ofWindows(t, counting(40), 4, 0, 1)
			tt.change(&q)
			_, err := Load(q)
			assert.ErrorContains(t, err, tt.want)
		})
	}
	q := ofWindows(t, counting(40), 4, 0, 1)
	_, err := LoadFolds(q, 3)
	assert.ErrorContains(t, err, "--folds and --window exclude each other")
	q.Window, q.Inputs = 0, []data.Port{{Name: "x", Shape: []int{4, 2}}}
	_, err = Load(q)
	assert.ErrorContains(t, err, "if a row of the model is 4 rows of the table in order, say --window 4")
}

// shops is a table of several series, row by row in turn as long as they last: y is 100 times the shop, and the row.
func shops(rows ...int) string {
	var b strings.Builder
	b.WriteString("shop,y,z\n")
	for r := range slices.Max(rows) {
		for shop, n := range rows {
			if r < n {
				fmt.Fprintf(&b, "s%d,%d,%d\n", shop, 100*shop+r, 1000+100*shop+r)
			}
		}
	}
	return b.String()
}

// Windows lie in one series each, of which the last are held out; whatever order the rows of several have in the file.
func TestWindowsOfSeveralSeries(t *testing.T) {
	q := ofWindows(t, shops(20, 5, 30, 3), 3, 1, 2)
	q.Group, q.Valid = "shop", "last:4"
	l, err := Load(q)
	require.NoError(t, err)
	first := func(windows [][]int) (rows []int) {
		for _, w := range windows {
			rows = append(rows, w[0])
		}
		return rows
	}
	upTo := func(from, n int) (rows []int) {
		for i := range n {
			rows = append(rows, from+i)
		}
		return rows
	}
	// Of 16, 1 and 26 windows, the shop of one all trains; 4 before those held out share rows with them.
	assert.Equal(t, slices.Concat(upTo(0, 8), upTo(100, 1), upTo(200, 18)), first(rowsOf(t, l.Train, q)))
	assert.Equal(t, slices.Concat(upTo(12, 4), upTo(222, 4)), first(rowsOf(t, l.Valid, q)))
	assert.Contains(t, l.Notes, "8 windows before those held out share rows with them and train nothing")
	assert.Contains(t, l.Notes, "shop: 2 of 4 are too short to hold windows out: all of theirs train")
	assert.Contains(t, l.Codec.Describe(), "windows of 3 rows of each shop in order, the targets 1 to 2 rows after its last")
	var mean float64
	for _, r := range slices.Concat(upTo(0, 12), upTo(100, 5), upTo(200, 22)) {
		mean += float64(r) / 39
	}
	assert.InDelta(t, mean, l.Codec.Column(0).Mean, 1e-9)

	// Read as they come, windows stand where their last rows do; all at once, series by series.
	text, err := l.Codec.Text()
	require.NoError(t, err)
	codec, err := data.ParseCodec([]byte(text))
	require.NoError(t, err)
	open := func(judge bool, table string) *RowReader {
		r, err := OpenRows(Rows{Data: []string{writeFile(t, "n.csv", table)}, Inputs: q.Inputs, Targets: q.Targets, Judge: judge}, codec)
		require.NoError(t, err)
		t.Cleanup(func() { r.Close() })
		return r
	}
	inputs, targets := blocksOf(q, 100)
	n, err := open(false, shops(5, 0, 4)).Read(inputs, nil, 100)
	require.NoError(t, err)
	var starts []float32
	for i := range n {
		starts = append(starts, inputs[0].Float[6*i])
	}
	assert.Equal(t, []float32{0, 200, 1, 201, 2}, starts)
	n, err = open(true, shops(300, 8, 250)).Read(inputs, targets, 100)
	require.NoError(t, err)
	for i := range n {
		require.Equal(t, inputs[0].Float[6*i]+3, targets[0].Float[2*i])
	}
	set, err := open(true, shops(7, 0, 6)).ReadAll(q.Inputs, q.Targets)
	require.NoError(t, err)
	assert.Equal(t, []int{0, 1, 2, 200, 201}, first(rowsOf(t, set, q)))

	for want, table := range map[string]string{
		`n.csv:2:1: column "shop": the value is missing: it says which series a row is of`: "shop,y,z\n,1,1\n",
		"no shop has more than 2 rows: a window of 3 rows takes 3":                         shops(2, 1),
	} {
		_, err := open(false, table).Read(inputs, nil, 100)
		assert.ErrorContains(t, err, want)
	}
	_, err = OpenRows(Rows{Data: []string{writeFile(t, "n.csv", counting(9))}, Inputs: q.Inputs, Targets: q.Targets}, codec)
	assert.ErrorContains(t, err, `there is no column "shop" (it says which series a row is of;`)
	q.Valid = "last:30"
	_, err = Load(q)
	assert.ErrorContains(t, err, "no shop is long enough to hold windows out")
	q.From = &Start{Codec: codec, File: "w.safetensors"}
	q.Valid, q.Group, q.Window, q.Horizon, q.Scale = "0", "", 0, 0, ""
	l, err = Load(q)
	require.NoError(t, err)
	assert.Equal(t, 16+1+26, l.Train.Rows())
	q.Group = "z"
	_, err = Load(q)
	assert.ErrorContains(t, err, "--group z: w.safetensors was trained with --group shop: leave the flag out")
}

// The stored codec is read again, and one that training could not have made is refused; so are models of other windows.
func TestCodecOfWindows(t *testing.T) {
	q := ofWindows(t, counting(40), 4, 2, 2)
	l, err := Load(q)
	require.NoError(t, err)
	text, err := l.Codec.Text()
	require.NoError(t, err)
	assert.Contains(t, text, `"series":{"window":4,"horizon":2}`)
	again, err := data.ParseCodec([]byte(text))
	require.NoError(t, err)
	assert.Equal(t, l.Codec, again)
	assert.NoError(t, again.Fits(q.Inputs, q.Targets))
	assert.Contains(t, again.Describe(), "windows of 4 rows in order, the targets 2 to 3 rows after its last")
	other := q.Inputs[0]
	for _, shape := range [][]int{{8}, {2, 4}, {4, 3}, {}} {
		other.Shape = shape
		assert.ErrorContains(t, again.FitsInputs([]data.Port{other}), "the stored columns make windows of 4 rows of 2 values", shape)
	}
	for _, change := range [][2]string{
		{`"window":4`, `"window":0`}, {`"window":4`, `"window":-4`}, {`"horizon":2`, `"horizon":0`}, {`"window":4`, `"window":4000000000`},
		{`"ahead":2`, `"ahead":3`}, {`"ahead":3`, `"ahead":4`}, {`"ahead":3`, `"ahead":-3`}, {`,"series":{"window":4,"horizon":2}`, ``},
		{`"name":"z","kind":"number"`, `"name":"z","kind":"number","ahead":2`}, {`"horizon":2`, `"horizon":5`},
	} {
		require.Contains(t, text, change[0])
		_, err := data.ParseCodec([]byte(strings.Replace(text, change[0], change[1], 1)))
		assert.ErrorContains(t, err, "codec: ", change)
	}
	_, err = data.NewCodec(data.ScaleNone, data.Writing{}, nil, nil, nil, nil).NewHistory()
	assert.ErrorContains(t, err, "it was not trained with --window")

	// A training that starts from such weights goes by their windows.
	from := q
	from.Window, from.Horizon, from.Scale, from.From = 0, 0, "", &Start{Codec: again, File: "w.safetensors"}
	from.Data = []string{writeFile(t, "n.csv", counting(30))}
	n, err := Load(from)
	require.NoError(t, err)
	assert.Equal(t, 30-7+1, n.Train.Rows())
	assert.Equal(t, l.Codec.Series(), n.Codec.Series())
	from.Horizon = 1
	_, err = Load(from)
	assert.ErrorContains(t, err, "w.safetensors was trained with --window 4 --horizon 2: leave these flags out")
}

// A window has a bound, so that a codec of a few bytes does not ask for memory without one.
func TestWindowsAreBounded(t *testing.T) {
	var columns []data.Column
	for _, name := range []string{"a", "b", "c", "d", "e"} {
		columns = append(columns, data.Column{Name: name, Kind: data.KindNumber, Deviation: 1})
	}
	for n, fits := range map[int]bool{4: true, 5: false} {
		codec := data.NewCodec(data.ScaleStandard, data.Writing{}, columns[:n], nil, nil, nil).InSeries(data.Series{Window: 1 << 20, Horizon: 1}, 1)
		text, err := codec.Text()
		require.NoError(t, err)
		_, err = data.ParseCodec([]byte(text))
		q := ofWindows(t, "a,b,c,d,e,y\n1,2,3,4,5,6\n", 1<<20, 1, 1)
		q.Inputs[0].Shape[1] = n
		_, trained := Load(q)
		if fits {
			require.NoError(t, err)
			assert.ErrorContains(t, trained, "s.csv: there is only 1 row: a window of 1048576 rows")
			continue
		}
		const want = "a window of 1048576 rows of 5 values: it may have 4194304 values in all"
		assert.EqualError(t, err, "codec: "+want)
		assert.EqualError(t, trained, "--window: "+want)
	}
}
