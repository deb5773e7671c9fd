package main

import (
	"crypto/sha256"
	"encoding/hex"
	"io"
	"os"
	"path/filepath"
)

// checksum is the file beside a program of the cache that holds the program's hash.
const checksum = "checksum"

// seal puts a program's hash beside it, once the program is safe on the disk.
func seal(dir string) error {
	program, err := os.OpenFile(filepath.Join(dir, programName()), os.O_RDWR, 0)
	if err != nil {
		return err
	}
	defer program.Close()
	if err := program.Sync(); err != nil {
		return err
	}
	sum, err := hashOf(program)
	if err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(dir, checksum), []byte(sum), 0o600)
}

// intact says whether a folder holds a program as it was when it was sealed. A crash of the machine may have left
// it short, or full of zeros.
func intact(dir string) bool {
	want, err := os.ReadFile(filepath.Join(dir, checksum))
	if err != nil {
		return false
	}
	program, err := os.Open(filepath.Join(dir, programName()))
	if err != nil {
		return false
	}
	defer program.Close()
	sum, err := hashOf(program)
	return err == nil && sum == string(want)
}

// hashOf is the hash of all that is left to read.
func hashOf(r io.Reader) (string, error) {
	h := sha256.New()
	_, err := io.Copy(h, r)
	return hex.EncodeToString(h.Sum(nil)), err
}
