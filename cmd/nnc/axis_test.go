package main

import (
	"math"
	"strconv"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// axesOf are those of a command line.
func axesOf(t *testing.T, args ...string) ([]axis, error) {
	t.Helper()
	var c commands
	_, err := c.parser().Parse(append(append([]string{"sweep"}, args...), "--data", "d.csv"))
	require.NoError(t, err)
	return c.Sweep.axes()
}

func mustAxes(t *testing.T, args ...string) []axis {
	t.Helper()
	axes, err := axesOf(t, args...)
	require.NoError(t, err)
	return axes
}

// What needs another program changes last.
func TestGrid(t *testing.T) {
	axes := mustAxes(t, "a.nn", "b.nn", "--lr", "0.1,0.01", "--seed", "7,1..2", "--set", "width=4..5")
	all, err := grid(axes)
	require.NoError(t, err)
	require.Len(t, all, 2*2*2*3)
	assert.Equal(t, []string{"a.nn", "4", "0.1", "7"}, all[0])
	assert.Equal(t, []string{"a.nn", "4", "0.1", "1"}, all[1])
	assert.Equal(t, []string{"a.nn", "4", "0.01", "7"}, all[3])
	assert.Equal(t, []string{"a.nn", "5", "0.1", "7"}, all[6])
	assert.Equal(t, []string{"b.nn", "4", "0.1", "7"}, all[12])
	assert.Equal(t, []string{"b.nn", "5", "0.01", "2"}, all[23])

	all, err = grid(mustAxes(t, "a.nn"))
	require.NoError(t, err)
	assert.Len(t, all, 1)
}

func TestGridsThatHaveNoEnd(t *testing.T) {
	_, err := grid(mustAxes(t, "a.nn", "--seed", "0..18446744073709551615", "--batch", "1..1000"))
	assert.EqualError(t, err, "all combinations are 18446744073709551616000 runs, more than 10000: give fewer values, or draw some with --random 20")
	_, err = grid(mustAxes(t, "a.nn", "--lr", "1..10"))
	assert.ErrorContains(t, err, "--lr: a range of real numbers has no end of values")
	_, err = grid(mustAxes(t, "a.nn", "--set", "drop=0.1..0.5"))
	assert.ErrorContains(t, err, "--set drop: a range of real numbers has no end of values")
}

func TestValuesThatNoSettingHas(t *testing.T) {
	for _, c := range []struct{ flag, value, want string }{
		{"--lr", "x", "--lr x: a rate is a number of at least 0"},
		{"--lr", "-1", "--lr -1: a rate is a number of at least 0"},
		{"--lr", "NaN", "--lr NaN: a rate is a number of at least 0"},
		{"--lr", "0..1", "--lr 0..1: a range of rates begins above 0"},
		{"--lr", "1..0.1", "--lr 1..0.1: the first number of a range is the smaller one"},
		{"--lr", "1..Inf", "--lr 1..Inf: a range is two numbers, as 1..5"},
		{"--batch", "0", "--batch 0: must be a whole number of at least 1"},
		{"--batch", "1.5..3", "must be a whole number of at least 1"},
		{"--epochs", "2,,3", "--epochs : must be a whole number of at least 1"},
		{"--seed", "-1..3", "a seed is a whole number of at least 0"},
		{"--seed", "3..1", "--seed 3..1: the first number of a range is the smaller one"},
		{"--seed", "1,2,1", "--seed 1: given twice"},
		{"--set", "width", "--set width: write the constant's name and its numbers, as --set width=16,32"},
		{"--set", "width=a", "--set width a: \"a\" is not a number, such as 64 or 0.5"},
		{"--set", "width=1..b", "--set width 1..b: a range is two numbers, as 1..5"},
	} {
		_, err := axesOf(t, "a.nn", c.flag+"="+c.value)
		assert.ErrorContains(t, err, c.want, "%s=%s", c.flag, c.value)
	}
	_, err := axesOf(t, "a.nn", "--set", "width=1", "--set", "width=2")
	assert.ErrorContains(t, err, "--set width: given twice")
	_, err = axesOf(t, "a.nn", "a.nn")
	assert.ErrorContains(t, err, "a.nn: given twice")
}

// Each power of ten of a rate is as likely as another: within five deviations of the binomial's mean.
func TestRatesAreDrawnByTheirLogarithm(t *testing.T) {
	const n = 6000
	decades := map[int]int{}
	for _, row := range drawn(mustAxes(t, "a.nn", "--lr", "1e-4..1e-1", "--seed", "0..18446744073709551615"), n, 3) {
		rate, err := strconv.ParseFloat(row[0], 64)
		require.NoError(t, err)
		require.True(t, 1e-4 <= rate && rate <= 1e-1, row[0])
		assert.LessOrEqual(t, len(row[0]), len("0.000123"), row[0])
		decades[int(math.Floor(math.Log10(rate)))]++
	}
	for _, d := range []int{-4, -3, -2} {
		assert.InDelta(t, n/3, decades[d], 5*math.Sqrt(n*2.0/9)+40, "10^%d: 40 of a rounding that crosses", d)
	}
}

func TestDraws(t *testing.T) {
	axes := mustAxes(t, "a.nn", "--lr", "1e-4..1e-1", "--set", "width=8..16", "--set", "drop=0.1..0.5", "--batch", "16,32")
	all := drawn(axes, 50, 7)
	require.Len(t, all, 50)
	assert.Equal(t, all, drawn(axes, 50, 7))
	assert.Equal(t, all[:9], drawn(axes, 9, 7))
	assert.NotEqual(t, all, drawn(axes, 50, 8))
	for _, row := range all {
		width, err := strconv.Atoi(row[0])
		require.NoError(t, err)
		assert.True(t, 8 <= width && width <= 16)
		drop, err := strconv.ParseFloat(row[1], 64)
		require.NoError(t, err)
		assert.True(t, 0.1 <= drop && drop <= 0.5)
		assert.Contains(t, []string{"16", "32"}, row[2])
	}
	// What there is of them is drawn once.
	assert.Len(t, drawn(mustAxes(t, "a.nn", "--seed", "1..3", "--batch", "8,16"), 10, 0), 6)
}
