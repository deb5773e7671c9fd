package main

import (
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"time"
)

// machine is what the figures were taken on.
type machine struct {
	CPU    string  `json:"cpu"`
	System string  `json:"system"`
	Go     string  `json:"go"`
	Cores  int     `json:"cores"`
	Copy   float64 `json:"copy"` // bytes a nanosecond that one core copies from memory to memory
}

func thisMachine() machine {
	m := machine{CPU: "unknown CPU", System: runtime.GOOS + "/" + runtime.GOARCH, Go: runtime.Version(), Cores: runtime.NumCPU()}
	info, _ := os.ReadFile("/proc/cpuinfo")
	for line := range strings.Lines(string(info)) {
		if name, value, ok := strings.Cut(line, ":"); ok && strings.TrimSpace(name) == "model name" {
			m.CPU = strings.TrimSpace(value)
			break
		}
	}
	m.Copy = copying()
	return m
}

// copying returns the best rate of some copies of more bytes than caches hold.
func copying() float64 {
	const size = 128 << 20
	from, to := make([]byte, size), make([]byte, size)
	best := 0.0
	for i := range 6 {
		start := time.Now()
		copy(to, from)
		if i > 0 { // the first touches the pages
			best = max(best, size/float64(time.Since(start).Nanoseconds()))
		}
	}
	return best
}

// peakMemory returns the most memory that a process has had in use so far, in bytes; 0 where Linux does not say.
func peakMemory(process int) int64 {
	status, _ := os.ReadFile(filepath.Join("/proc", strconv.Itoa(process), "status"))
	for line := range strings.Lines(string(status)) {
		if fields := strings.Fields(line); len(fields) == 3 && fields[0] == "VmHWM:" {
			kib, _ := strconv.ParseInt(fields[1], 10, 64)
			return kib << 10
		}
	}
	return 0
}

// allowedCPUs returns the numbers of the processors that this process may use, nil where Linux does not say.
func allowedCPUs() []int {
	status, _ := os.ReadFile("/proc/self/status")
	for line := range strings.Lines(string(status)) {
		if list, ok := strings.CutPrefix(line, "Cpus_allowed_list:"); ok {
			return cpuList(strings.TrimSpace(list))
		}
	}
	return nil
}

// cpuList reads a list such as 0-3,8; nil if it is none.
func cpuList(list string) (cpus []int) {
	for part := range strings.SplitSeq(list, ",") {
		from, to, ok := strings.Cut(part, "-")
		if !ok {
			to = from
		}
		first, err1 := strconv.Atoi(from)
		last, err2 := strconv.Atoi(to)
		if err1 != nil || err2 != nil || first > last || last > 1<<16 {
			return nil
		}
		for cpu := first; cpu <= last; cpu++ {
			cpus = append(cpus, cpu)
		}
	}
	return slices.Compact(cpus)
}
