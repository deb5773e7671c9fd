package main

import (
	"bytes"
	"os"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestTableIsTheCommittedOne(t *testing.T) {
	var table bytes.Buffer
	require.NoError(t, write(&table))
	committed, err := os.ReadFile("../reviews.csv")
	require.NoError(t, err)
	assert.True(t, bytes.Equal(committed, table.Bytes()), "reviews.csv is not what makedata writes: go generate ./examples/sentiment")
}
