package train

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nnc-lang/nnc/runtime/data"
	"github.com/nnc-lang/nnc/runtime/nnrt"
)

// The test binary is also a driver: with stepTime set it runs Main on a model whose steps take so long.
const stepTime = "TRAIN_TEST_STEP"

func TestMain(m *testing.M) {
	if d, err := time.ParseDuration(os.Getenv(stepTime)); err == nil {
		model := newLinear(4, 1, byMSE).model(16, 1000)
		step := model.Train
		model.Train = func(b *Batch) (float32, error) {
			os.Stderr.WriteString("step\n")
			time.Sleep(d)
			return step(b)
		}
		Main(func(options ...nnrt.Option) Model {
			fmt.Fprintln(os.Stderr, "workers", nnrt.Configure(nnrt.Config{}, options).Workers)
			return evaluating(model)
		})
	}
	os.Exit(m.Run())
}

// driver starts a training in a process of its own and waits for its second step.
func driver(t *testing.T, step, saved string) *exec.Cmd {
	t.Helper()
	if runtime.GOOS == "windows" {
		t.Skip("no signals between processes")
	}
	job, err := json.Marshal(Job{
		Command: "train", Data: []string{write(t, "plane.csv", plane(60))}, Tables: Tables{Target: []string{"y"}}, Save: saved,
	})
	require.NoError(t, err)
	cmd := exec.Command(os.Args[0], string(job))
	cmd.Env = append(os.Environ(), stepTime+"="+step)
	stderr, err := cmd.StderrPipe()
	require.NoError(t, err)
	require.NoError(t, cmd.Start())
	lines := bufio.NewScanner(stderr)
	for lines.Scan() && !strings.HasPrefix(lines.Text(), "step") {
	}
	go func() {
		for lines.Scan() {
		}
	}()
	return cmd
}

func TestProcessStopsAtASignal(t *testing.T) {
	codes := map[syscall.Signal]int{syscall.SIGINT: 130, syscall.SIGTERM: 143}
	if !signal.Ignored(hangUp) { // the tests themselves may run under nohup
		codes[hangUp] = 129
	}
	for signal, code := range codes {
		saved := filepath.Join(t.TempDir(), "w.safetensors")
		cmd := driver(t, "5ms", saved)
		require.NoError(t, cmd.Process.Signal(signal))
		assert.Error(t, cmd.Wait())
		assert.Equal(t, code, cmd.ProcessState.ExitCode())
		_, err := data.LoadCodec(saved)
		assert.NoError(t, err)
	}
}

func TestTheModelIsMadeForTheJobsWorkers(t *testing.T) {
	run := func(workers string) (string, int) {
		cmd := exec.Command(os.Args[0], `{"command":"train","data":["none.csv"]`+workers+`}`)
		cmd.Env = append(os.Environ(), stepTime+"=1ms", "GOMAXPROCS=5")
		text, err := cmd.CombinedOutput()
		assert.Error(t, err, "there are no data")
		return string(text), cmd.ProcessState.ExitCode()
	}
	text, _ := run("")
	assert.Contains(t, text, "workers 5\n", "all that the process may use")
	text, _ = run(`,"workers":3`)
	assert.Contains(t, text, "workers 3\n")
	text, code := run(`,"workers":0`)
	assert.Equal(t, "job: 0 workers, but one at least computes\n", text)
	assert.Equal(t, 2, code)
}

func TestSecondSignalExitsAtOnce(t *testing.T) {
	saved := filepath.Join(t.TempDir(), "w.safetensors")
	cmd := driver(t, "1h", saved)
	require.NoError(t, cmd.Process.Signal(syscall.SIGINT))
	time.Sleep(sameSignal + sameSignal/2)
	require.NoError(t, cmd.Process.Signal(syscall.SIGTERM))
	assert.Error(t, cmd.Wait())
	assert.Equal(t, 143, cmd.ProcessState.ExitCode())
	assert.NoFileExists(t, saved)
}

func TestMainRefusesABadJob(t *testing.T) {
	for _, args := range [][]string{{}, {"{"}, {"{}", "{}"}} {
		cmd := exec.Command(os.Args[0], args...)
		cmd.Env = append(os.Environ(), stepTime+"=1ms")
		assert.Error(t, cmd.Run())
		assert.Equal(t, 2, cmd.ProcessState.ExitCode())
	}
}
