package train

import (
	"os"
	"strings"
	"syscall"
	"testing"
	"time"
	"unsafe"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// The living line fits the terminal as wide as it is at the moment, whatever the job says.
func TestLivingLineFollowsTheTerminal(t *testing.T) {
	terminal, err := os.OpenFile("/dev/ptmx", os.O_RDWR|syscall.O_NOCTTY, 0)
	if err != nil {
		t.Skip("no terminals here: ", err)
	}
	defer terminal.Close()
	resize := func(columns uint16) {
		size := [4]uint16{24, columns}
		_, _, failed := syscall.Syscall(syscall.SYS_IOCTL, terminal.Fd(), syscall.TIOCSWINSZ, uintptr(unsafe.Pointer(&size)))
		require.Zero(t, failed)
	}
	var unlock int32
	_, _, failed := syscall.Syscall(syscall.SYS_IOCTL, terminal.Fd(), syscall.TIOCSPTLCK, uintptr(unsafe.Pointer(&unlock)))
	require.Zero(t, failed)
	var number uint32
	_, _, failed = syscall.Syscall(syscall.SYS_IOCTL, terminal.Fd(), syscall.TIOCGPTN, uintptr(unsafe.Pointer(&number)))
	require.Zero(t, failed)
	end, err := os.OpenFile("/dev/pts/"+decimal(float64(number), 64), os.O_RDWR|syscall.O_NOCTTY, 0)
	if err != nil {
		t.Skip("the terminal cannot be opened: ", err)
	}
	defer end.Close()

	clock := time.Unix(0, 0)
	p := newProgress(end, Job{Progress: "line", Width: 60})
	p.now, p.start = func() time.Time { return clock }, clock
	for columns, want := range map[uint16]string{
		64: "epoch 1/20  step 10/100  loss 0.3124  640 rows/s", 37: "epoch 1/20  step 10/100  loss 0.3124", 36: "epoch 1/20  step 10/100", 12: "epoch 1/20", 2: "", 1: "",
	} {
		resize(columns)
		clock = clock.Add(time.Second)
		p.step(moment{epoch: 1, epochs: 20, step: 10, steps: 100, loss: 0.3124, rows: 640, ofRows: 64000})
		shown := make([]byte, 200)
		n, err := terminal.Read(shown)
		require.NoError(t, err)
		line, ok := strings.CutPrefix(string(shown[:n]), "\r\x1b[K")
		require.True(t, ok)
		if columns == 64 { // the rate goes by the clock
			line, want = line[:36], want[:36]
		}
		assert.Equal(t, want, line, "%d columns", columns)
	}
}
