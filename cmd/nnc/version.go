package main

import (
	"fmt"
	"runtime"
	"runtime/debug"
	"strings"

	"github.com/alecthomas/kong"
)

type versionCommand struct{}

func (versionCommand) Help() string {
	return "The same as --version: the version of nnc, its commit, and the Go that built it.\n\n" +
		"    nnc version"
}

func (versionCommand) Run(s *session) error {
	_, err := fmt.Fprintln(s.stdout, versionLine())
	return err
}

// versionFlag is --version, which does what the command version does.
type versionFlag bool

// BeforeReset ends the command, whatever else the command line says, as --help does.
func (versionFlag) BeforeReset(line *kong.Kong) error {
	if _, err := fmt.Fprintln(line.Stdout, versionLine()); err != nil {
		return err
	}
	line.Exit(0)
	return nil
}

// versionLine says which nnc this is, and what built it.
func versionLine() string {
	var settings []debug.BuildSetting
	if info, ok := debug.ReadBuildInfo(); ok {
		settings = info.Settings
	}
	return fmt.Sprintf("nnc %s%s %s %s/%s", version(), commit(settings), runtime.Version(), runtime.GOOS, runtime.GOARCH)
}

// commit is " (commit 0123456789ab, modified)", as far as the Go toolchain recorded it.
func commit(settings []debug.BuildSetting) string {
	recorded := map[string]string{}
	for _, s := range settings {
		recorded[s.Key] = s.Value
	}
	revision := recorded["vcs.revision"]
	if revision == "" {
		return " (commit not recorded)"
	}
	text := " (commit " + revision[:min(12, len(revision))]
	if recorded["vcs.modified"] == "true" {
		text += ", modified"
	}
	return text + ")"
}

// version is the module's version as the Go toolchain recorded it, "devel" where it did not.
func version() string {
	info, ok := debug.ReadBuildInfo()
	if !ok || info.Main.Version == "" || strings.HasPrefix(info.Main.Version, "(") {
		return "devel"
	}
	return info.Main.Version
}
