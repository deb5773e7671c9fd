package main

import (
	"bytes"
	"errors"
	"fmt"
	goversion "go/version"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// goLine is the oldest Go that the runtime can be built with: the go line of nnc's own go.mod.
const goLine = "1.24"

// toolchain is the Go that builds models.
type toolchain struct {
	command string // the go command's path
	version string // such as go1.24.3
	cache   string // its cache of built packages; empty if it has none that can be written
}

// findGo looks for the Go toolchain on the PATH and checks that it is new enough.
func findGo() (toolchain, error) {
	command, err := exec.LookPath("go")
	if err != nil {
		return toolchain{}, fmt.Errorf("this needs the Go toolchain, and there is no go on the PATH: see https://go.dev/dl")
	}
	t := toolchain{command: command}
	// Without modules the folder's go.mod has no say; the user's own settings have, for the cache.
	cmd := exec.Command(command, "env", "GOVERSION", "GOCACHE")
	cmd.Env = append(kept(), "GO111MODULE=off", "GOTOOLCHAIN=local")
	var complaint bytes.Buffer
	cmd.Stderr = &complaint
	answer, err := cmd.Output()
	if err != nil {
		return toolchain{}, fmt.Errorf("%s env: %w\n%s", command, err, complaint.Bytes())
	}
	lines := strings.Split(string(answer), "\n")
	if len(lines) < 2 {
		return toolchain{}, errors.New(command + " env: an answer of fewer than two lines")
	}
	t.version = strings.TrimSpace(lines[0])
	// "off", a relative folder, or one of a home that is read-only or missing: Go builds with none of them.
	if cache := strings.TrimSpace(lines[1]); filepath.IsAbs(cache) && writableFolder(cache) {
		t.cache = cache
	}
	// A development version has no number; it is taken to be new.
	if number, _, _ := strings.Cut(t.version, " "); number == "" || goversion.IsValid(number) && goversion.Compare(number, "go"+goLine) < 0 {
		return toolchain{}, fmt.Errorf("this needs Go %s or newer, and %s is %s: see https://go.dev/dl", goLine, command, t.version)
	}
	return t, nil
}

// kept is the environment without the settings of the go command, those apart that say where it keeps things and
// how much of the machine it may use.
func kept() []string {
	var env []string
	for _, line := range os.Environ() {
		name, value, _ := strings.Cut(line, "=")
		if strings.HasPrefix(name, "GO") || strings.HasPrefix(name, "CGO_") {
			switch name {
			case "GOROOT", "GOENV", "GOCACHE", "GOPATH", "GOMODCACHE", "GOTMPDIR", "GOMAXPROCS", "GOGC", "GOMEMLIMIT":
			default:
				continue
			}
			if value == "" {
				continue
			}
		}
		env = append(env, line)
	}
	return env
}

// env is the environment of a build that depends on nothing but the source and the toolchain, needs no network
// and makes a program for this machine. scratch takes what Go wants to keep where it has no place for it.
func (t toolchain) env(scratch string) []string {
	env := append(kept(), "GOENV=off", "GOWORK=off", "GOTOOLCHAIN=local", "GOPROXY=off", "GOSUMDB=off", "CGO_ENABLED=0", "GO111MODULE=on")
	if t.cache != "" {
		env = append(env, "GOCACHE="+t.cache)
	} else {
		env = append(env, "GOCACHE="+scratch)
	}
	if os.Getenv("GOPATH") == "" {
		env = append(env, "GOPATH="+scratch) // without a home Go would look for one in vain; nothing is put there
	}
	return env
}
