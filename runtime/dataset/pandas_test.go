package dataset

import (
	"encoding/json"
	"os"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nnc-lang/nnc/runtime/data"
	"github.com/nnc-lang/nnc/runtime/format"
)

// Tables as pandas writes them make the values that pandas computes of them (testdata/make.py), in training and in
// prediction.
func TestTablesOfPandas(t *testing.T) {
	text, err := os.ReadFile("testdata/pandas/want.json")
	require.NoError(t, err)
	var wants map[string]struct {
		Features [][]float64
		Target   []float64
	}
	require.NoError(t, json.Unmarshal(text, &wants))
	const held = 4
	for _, c := range []struct {
		file, want string
		how        Reading
		drop       []string
	}{
		{"default.csv", "all", Reading{}, nil},
		{"no-index.csv", "all", Reading{}, nil},
		{"german.csv", "all", Reading{Layout: format.Layout{Sep: ';'}, Writing: &data.Writing{Decimal: ","}}, nil},
		{"zipped.csv.gz", "all", Reading{}, nil},
		{"nullable.csv", "all", Reading{Layout: format.Layout{Sep: '\t'}}, nil},
		{"lines.jsonl", "all", Reading{}, nil},
		{"no-target.csv", "no-target", Reading{SkipMissingTarget: true}, nil},
		{"shuffled.csv", "shuffled", Reading{}, []string{""}},
	} {
		t.Run(c.file, func(t *testing.T) {
			want := wants[c.want]
			file := "testdata/pandas/" + c.file
			l, err := Load(Training{
				Data: []string{file}, Select: Select{Target: []string{"price"}, Drop: c.drop}, Reading: c.how, Valid: "last:4",
				Inputs: features(len(want.Features[0])), Targets: regression(1),
			})
			require.NoError(t, err)
			require.Equal(t, len(want.Target)-held, l.Train.Rows())
			trainIn, trainOut := gather(l.Train)
			heldIn, heldOut := gather(l.Valid)
			got := slices.Concat(trainIn[0].Float, heldIn[0].Float)
			assert.InDeltaSlice(t, slices.Concat(want.Features...), float64s(got), 1e-6)
			assert.InDeltaSlice(t, want.Target, float64s(slices.Concat(trainOut[0].Float, heldOut[0].Float)), 1e-6)

			rows, err := OpenRows(Rows{Data: []string{file}, Reading: c.how, Inputs: features(len(want.Features[0])), Targets: regression(1)}, l.Codec)
			require.NoError(t, err)
			defer rows.Close()
			all, err := rows.ReadAll(features(len(want.Features[0])), nil)
			require.NoError(t, err)
			if c.want != "no-target" { // prediction leaves no row out
				in, _ := gather(all)
				assert.Equal(t, got, in[0].Float)
			}
		})
	}
}

func float64s(values []float32) []float64 {
	wide := make([]float64, len(values))
	for i, v := range values {
		wide[i] = float64(v)
	}
	return wide
}
