//go:build !(linux || darwin || freebsd || netbsd || dragonfly)

package train

import "io"

// terminalWidth is how many columns the terminal behind w has; 0, since this system is not asked.
func terminalWidth(io.Writer) int { return 0 }
