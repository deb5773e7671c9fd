package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/nnc-lang/nnc/runtime/dataset"
)

// readable says whether a file of a kind can be read, before any slow work begins. A pipe is left alone: what is taken
// from it now would be missing later. An empty path is none.
func readable(path string, kind func(name string) bool) error {
	if path == "" {
		return nil
	}
	info, err := os.Stat(path)
	switch {
	case err != nil:
		return meant(plain(err), path, kind)
	case info.IsDir():
		return fmt.Errorf("%s: is a directory", path)
	case !info.Mode().IsRegular():
		return nil
	}
	f, err := os.Open(path)
	if err != nil {
		return plain(err)
	}
	return f.Close()
}

// readableData does the same for values of --data. Standard input is read, and thus named, once.
func readableData(data []string) error {
	stdin := 0
	for _, item := range data {
		if item == standardInput || strings.HasSuffix(item, "="+standardInput) {
			stdin++
		}
	}
	if stdin > 1 {
		return errors.New("standard input can be read once, but several --data name it")
	}
	for _, item := range data {
		for _, path := range dataFiles(item) {
			if isFolder(path) { // of images
				continue
			}
			if err := readable(path, isDataName); err != nil {
				return err
			}
		}
	}
	return nil
}

// readableVocabulary says whether the vocabulary that a --tokenizer names can be read.
func readableVocabulary(tokenizer string) error {
	file, err := dataset.VocabularyFile(tokenizer)
	if err != nil {
		return err
	}
	return readable(file, isDataName)
}

// dataFiles are the files that a --data value, "file" or "name=file", may mean. A file whose own name has an equals
// sign is taken as it stands; where there is one behind the equals sign too, both are given, since which names
// there are is the model's business. Standard input is no file.
func dataFiles(item string) []string {
	_, path, bound := strings.Cut(item, "=")
	switch {
	case item == standardInput || path == standardInput:
		return nil
	case !bound || path == "" || found(item) && !found(path):
		return []string{item}
	case found(item):
		return []string{item, path}
	}
	return []string{path}
}

// found says whether a path leads to something.
func found(path string) bool { return exists(path) || isFolder(path) }

// isFolder says whether a path leads to a folder.
func isFolder(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.IsDir()
}

// exists says whether a path leads to something that is no folder.
func exists(path string) bool {
	info, err := os.Stat(path)
	return err == nil && !info.IsDir()
}

// writable says whether a flag's file can be written later: a file can be made in its folder, and it is neither the
// spec nor one of the files that are read. An empty path is none.
func writable(flag, path string, sp spec, inputs []string) error {
	if path == "" {
		return nil
	}
	dir := filepath.Dir(path)
	if info, err := os.Stat(dir); err != nil {
		return fmt.Errorf("%s %s: %w", flag, path, plain(err))
	} else if !info.IsDir() {
		return fmt.Errorf("%s %s: %s is not a folder", flag, path, dir)
	}
	info, err := os.Stat(path)
	if err == nil && info.IsDir() {
		return fmt.Errorf("%s %s: is a directory", flag, path)
	}
	if sameFile(path, sp.file) {
		return fmt.Errorf("%s %s: this is the spec", flag, path)
	}
	for _, item := range inputs {
		for _, read := range dataFiles(item) {
			if sameFile(path, read) {
				return fmt.Errorf("%s %s: this file is read, and would be lost", flag, path)
			}
		}
	}
	if err == nil && !info.Mode().IsRegular() {
		return nil // a pipe or a device, which is written to as it is
	}
	if err := replaceable(path); err != nil {
		return fmt.Errorf("%s %s: cannot be written: %w", flag, path, err)
	}
	return nil
}

// replaceable makes a file beside the one at path, as writing it will, and removes it. A link is followed.
func replaceable(path string) error {
	if target, err := filepath.EvalSymlinks(path); err == nil {
		path = target
	} else if _, err := os.Readlink(path); err == nil {
		return errors.New("it is a symbolic link that leads nowhere")
	}
	dir, base := filepath.Split(path)
	if dir == "" {
		dir = "."
	}
	// As long as the name of the file that will be made.
	f, err := os.CreateTemp(dir, "."+base+".*.tmp")
	if err != nil {
		return plain(err)
	}
	f.Close() // nothing was written
	return plain(os.Remove(f.Name()))
}
