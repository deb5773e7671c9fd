package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/nnc-lang/nnc/examples/versus/worker"
)

// patience is how long a worker may take for a reply: compilers of whole models are slow.
const patience = 10 * time.Minute

// process is a worker that runs.
type process struct {
	cmd      *exec.Cmd
	in       io.WriteCloser
	requests *json.Encoder
	replies  chan worker.Reply // closed when there are no more
	broken   error             // why, once replies is closed
	log      tail
	wait     func() error // until it has ended and its log is complete
}

// start starts a worker on so many of the cores.
func start(command []string, cores int) (*process, error) {
	command = append(pinning(cores), command...)
	p := &process{cmd: exec.Command(command[0], command[1:]...), replies: make(chan worker.Reply)}
	p.wait = sync.OnceValue(p.cmd.Wait)
	p.cmd.Env = append(os.Environ(), "VERSUS_CORES="+strconv.Itoa(cores))
	p.cmd.Stderr = &p.log
	out, err := p.cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if p.in, err = p.cmd.StdinPipe(); err != nil {
		return nil, err
	}
	if err := p.cmd.Start(); err != nil {
		return nil, err
	}
	p.requests = json.NewEncoder(p.in)
	go func() {
		defer close(p.replies)
		replies := json.NewDecoder(out)
		for {
			var r worker.Reply
			if p.broken = replies.Decode(&r); p.broken != nil {
				return
			}
			p.replies <- r
		}
	}()
	return p, nil
}

// pinning returns what keeps a program on fewer cores than there are, where Linux has the command for it: some
// libraries count the processors themselves.
func pinning(cores int) []string {
	cpus := allowedCPUs()
	taskset, err := exec.LookPath("taskset")
	if err != nil || cores >= len(cpus) {
		return nil
	}
	var list []string
	for _, cpu := range cpus[len(cpus)-cores:] { // the first one has the interrupts
		list = append(list, strconv.Itoa(cpu))
	}
	return []string{taskset, "-c", strings.Join(list, ",")}
}

// ask sends a request and waits for the reply. A reply that is an error is returned as one.
func (p *process) ask(r worker.Request) (worker.Reply, error) {
	_ = p.requests.Encode(r) // a worker that cannot read it has ended, and its last words are next
	select {
	case reply, ok := <-p.replies:
		switch {
		case !ok:
			return worker.Reply{}, p.ended()
		case reply.Install != "":
			return worker.Reply{}, missing{reply.Error, reply.Install}
		case reply.Error != "":
			return worker.Reply{}, errors.New(reply.Error)
		}
		return reply, nil
	case <-time.After(patience):
		return worker.Reply{}, fmt.Errorf("no answer for %v", patience)
	}
}

// ended says why a worker answers no more.
func (p *process) ended() error {
	if !errors.Is(p.broken, io.EOF) { // it is there, and says what is no reply
		p.cmd.Process.Kill()
	}
	p.wait()
	if last := lastLine(p.log.String()); last != "" {
		return fmt.Errorf("its worker ended: %s", last)
	}
	return fmt.Errorf("its worker ended: %w", p.broken)
}

// end ends the worker and returns the most memory that it has had in use.
func (p *process) end() int64 {
	peak := peakMemory(p.cmd.Process.Pid)
	p.in.Close()
	gone := make(chan struct{})
	go func() {
		for range p.replies { // whatever it still says
		}
		p.wait()
		close(gone)
	}()
	select {
	case <-gone:
	case <-time.After(5 * time.Second):
		p.cmd.Process.Kill()
		<-gone
	}
	return peak
}

// tail keeps the end of what is written to it.
type tail struct {
	mutex sync.Mutex
	text  []byte
}

const tailSize = 4 << 10

func (t *tail) Write(b []byte) (int, error) {
	t.mutex.Lock()
	defer t.mutex.Unlock()
	t.text = append(t.text, b...)
	t.text = t.text[max(0, len(t.text)-tailSize):]
	return len(b), nil
}

func (t *tail) String() string {
	t.mutex.Lock()
	defer t.mutex.Unlock()
	return string(t.text)
}
