package main

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"time"

	"github.com/nnc-lang/nnc/compiler"
	source "github.com/nnc-lang/nnc/runtime"
)

// modulePath is the module that a model's program is laid out as: nnc's own, so that its import paths lead into
// the embedded source, without a replace line or a network.
const modulePath = "github.com/nnc-lang/nnc"

// key is a hash of all that a program is made of.
func key(out *compiler.Output, t toolchain) (string, error) {
	h := sha256.New()
	part := func(text []byte) { fmt.Fprintf(h, "%d\n%s", len(text), text) }
	for _, s := range []string{version(), t.version, runtime.GOOS, runtime.GOARCH} {
		part([]byte(s))
	}
	part(out.Code)
	part(out.Driver)
	err := fs.WalkDir(source.Files, ".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		text, err := source.Files.ReadFile(path)
		part([]byte(path))
		part(text)
		return err
	})
	return hex.EncodeToString(h.Sum(nil)[:16]), err
}

// program finds a model's program in the cache, or builds it. A signal that arrives meanwhile ends the build.
func (s *session) program(c cache, sp spec, out *compiler.Output, signals <-chan os.Signal) (string, error) {
	t, err := findGo()
	if err != nil {
		return "", err
	}
	k, err := key(out, t)
	if err != nil {
		return "", err
	}
	if path := c.find(k); path != "" {
		return path, nil
	}
	s.note("building the program of %s, once: seconds, or half a minute where Go has built nothing yet", sp.name)
	dir, err := os.MkdirTemp(c.dir, unfinished)
	if err != nil {
		return "", err
	}
	defer os.RemoveAll(dir) // the source, and what Go kept where it knows no place for it
	if err := layOut(dir, out); err != nil {
		return "", err
	}
	built := filepath.Join(dir, "built")
	// Without paths and version control the packages are the same for every model, and Go's own cache has them.
	cmd := exec.Command(t.command, "build", "-trimpath", "-buildvcs=false", "-ldflags=-s -w", "-o", filepath.Join(built, programName()), "./driver")
	cmd.Dir = dir
	cmd.Env = append(t.env(filepath.Join(dir, "gocache")), "PWD="+dir)
	var log bytes.Buffer
	cmd.Stdout, cmd.Stderr = &log, &log
	cmd.WaitDelay = time.Second // compilers that outlive an interrupted go command hold on to the log
	caught, err := relay(cmd, signals)
	switch {
	case caught != nil:
		return "", exit{code: signalCode(caught)}
	case err != nil:
		return "", fmt.Errorf("the program of %s could not be built (%w); unless Go complains of this machine, that is an internal error: please report it with the spec\n%s", sp.name, err, log.Bytes())
	}
	path, err := c.keep(built, k)
	c.evict(maxCache, k)
	return path, err
}

// layOut writes the module: the runtime, the generated model and the main function around it.
func layOut(dir string, out *compiler.Output) error {
	if err := os.CopyFS(filepath.Join(dir, "runtime"), source.Files); err != nil {
		return err
	}
	if err := os.Mkdir(filepath.Join(dir, "driver"), 0o700); err != nil {
		return err
	}
	for _, f := range []file{
		{path: "go.mod", text: []byte("module " + modulePath + "\n\ngo " + goLine + "\n")},
		{path: "driver/main.go", text: out.Driver},
		{path: "driver/model_nn.go", text: out.Code},
	} {
		if err := os.WriteFile(filepath.Join(dir, filepath.FromSlash(f.path)), f.text, 0o600); err != nil {
			return err
		}
	}
	return nil
}
