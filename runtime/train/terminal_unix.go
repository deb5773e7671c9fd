//go:build linux || darwin || freebsd || netbsd || dragonfly

package train

import (
	"io"
	"os"
	"syscall"
	"unsafe"
)

// terminalWidth asks the terminal behind w how many columns it has now; 0 if w is none, or does not know.
func terminalWidth(w io.Writer) int {
	f, ok := w.(*os.File)
	if !ok {
		return 0
	}
	var size struct{ rows, columns, width, height uint16 }
	_, _, failed := syscall.Syscall(syscall.SYS_IOCTL, f.Fd(), syscall.TIOCGWINSZ, uintptr(unsafe.Pointer(&size)))
	if failed != 0 {
		return 0
	}
	return int(size.columns)
}
