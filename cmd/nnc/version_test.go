package main

import (
	"runtime/debug"
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestCommit(t *testing.T) {
	revision := debug.BuildSetting{Key: "vcs.revision", Value: "0123456789abcdef0123456789abcdef01234567"}
	assert.Equal(t, " (commit not recorded)", commit(nil))
	assert.Equal(t, " (commit not recorded)", commit([]debug.BuildSetting{{Key: "vcs.modified", Value: "true"}}))
	assert.Equal(t, " (commit 0123456789ab)", commit([]debug.BuildSetting{revision, {Key: "vcs.modified", Value: "false"}}))
	assert.Equal(t, " (commit 0123456789ab, modified)", commit([]debug.BuildSetting{{Key: "vcs.modified", Value: "true"}, revision}))
	assert.Equal(t, " (commit 77)", commit([]debug.BuildSetting{{Key: "vcs.revision", Value: "77"}}))
}
