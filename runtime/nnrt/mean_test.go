package nnrt

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestMean(t *testing.T) {
	var m Mean
	assert.Zero(t, m.Value())
	m.Add(5, 0) // a part without weight says nothing
	assert.Zero(t, m.Value())
	m.Add(2, 3)
	m.Add(-1, 1)
	assert.Equal(t, Mean{Sum: 5, Weight: 4}, m)
	assert.Equal(t, 1.25, m.Value())

	// Float32 would lose the small parts.
	m = Mean{}
	m.Add(1, 1<<24)
	for range 8 {
		m.Add(1, 1)
	}
	assert.EqualValues(t, 1<<24+8, m.Weight)
	assert.Equal(t, 1.0, m.Value())
}

func TestMeanOfSeveralMeans(t *testing.T) {
	var m Mean
	m.AddPart(0, 2, 3)
	m.AddPart(1, 4, 1)
	m.AddPart(1, 8, 1)
	m.AddPart(0, 6, 1)
	assert.Equal(t, 4.5, m.Value(), "½(12/4 + 12/2)")
	m = Mean{}
	m.AddPart(1, 5, 2)
	assert.Equal(t, 2.5, m.Value(), "½(0 + 5)")
}
