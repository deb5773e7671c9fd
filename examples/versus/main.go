// Versus trains and predicts the same models with nnc and with the other libraries that are installed, in turn, from
// the same parameters and data, and prints what each step takes. README.md says how to install them and how to read
// the tables.
//
// What comes in are flags; what goes out are tables on standard output, and with --json a file.
package main

import (
	_ "embed"
	"errors"
	"flag"
	"fmt"
	"io"
	"log"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/nnc-lang/nnc/examples/versus/worker"
	"github.com/nnc-lang/nnc/runtime/weights"
)

//go:embed worker.py
var pythonWorker []byte

func main() {
	log.SetFlags(0)
	if err := run(os.Args[1:], os.Stdin, os.Stdout, os.Stderr); err != nil && !errors.Is(err, flag.ErrHelp) {
		log.Fatal("versus: ", err)
	}
}

// options is what the flags say.
type options struct {
	workloads []*workload
	peers     []peer
	also      map[string]string
	cores     []int
	python    string
	rounds    int
	seconds   float64
	json      string
	arrays    string
}

func run(args []string, stdin io.Reader, stdout, stderr io.Writer) error {
	if len(args) == 2 && args[0] == "worker" { // started by another of these programs
		switch args[1] {
		case "nnc":
			return worker.Serve(nnc(), stdin, stdout)
		case "rows":
			return worker.Serve(rowByRow(), stdin, stdout)
		case "hand":
			return worker.Serve(hand(), stdin, stdout)
		case "fma":
			return worker.Serve(fma(), stdin, stdout)
		}
	}
	o, err := parse(args, stderr)
	if err != nil {
		return err
	}
	if o.arrays != "" {
		for _, w := range o.workloads {
			if err := weights.Write(filepath.Join(o.arrays, w.name+".safetensors"), w.file()); err != nil {
				return err
			}
		}
		return nil
	}
	folder, err := os.MkdirTemp("", "versus-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(folder)
	var file io.Writer = io.Discard
	if o.json != "" { // a folder that is not there is noticed before the measurement
		f, err := os.Create(o.json)
		if err != nil {
			return err
		}
		defer f.Close()
		file = f
	}
	r, err := o.measure(folder, stderr)
	if err != nil {
		return err
	}
	r.write(stdout)
	return errors.Join(r.writeJSON(file), r.wrong())
}

// parse reads the flags.
func parse(args []string, stderr io.Writer) (*options, error) {
	o := &options{also: map[string]string{}}
	var also []string
	flags := flag.NewFlagSet("versus", flag.ContinueOnError)
	flags.SetOutput(stderr)
	names := flags.String("workloads", "", "which, such as W1,W3 (default: all)")
	peers := flags.String("peers", "", "which besides nnc, which always takes part, such as eager,jax (default: all)")
	cores := flags.String("cores", "1,all", "how many to use, one after the other")
	flags.StringVar(&o.python, "python", "", "the interpreter that has the Python libraries (default: the active environment's)")
	flags.IntVar(&o.rounds, "rounds", 7, "how many times each peer gets its turn")
	flags.Float64Var(&o.seconds, "seconds", 0.25, "how long a turn is")
	flags.StringVar(&o.json, "json", "", "a file to write all figures to")
	flags.StringVar(&o.arrays, "arrays", "", "write parameters and data of each workload to this folder, and do nothing else")
	flags.Func("also", "NAME=PATH: another build of this program, as a peer", func(s string) error {
		name, path, ok := strings.Cut(s, "=")
		if !ok || name == "" || path == "" {
			return errors.New("must be NAME=PATH")
		}
		path, err := filepath.Abs(path)
		if err != nil {
			return err
		}
		also = append(also, s)
		o.also[name] = path
		return nil
	})
	if err := flags.Parse(args); err != nil {
		return nil, err
	}
	switch {
	case flags.NArg() > 0:
		return nil, fmt.Errorf("%q is no flag", flags.Arg(0))
	case o.rounds < 1 || o.rounds > 1000:
		return nil, fmt.Errorf("--rounds %d: must be 1 to 1000", o.rounds)
	case !(o.seconds > 0 && o.seconds <= 60):
		return nil, fmt.Errorf("--seconds %g: must be more than 0, and at most 60", o.seconds)
	}
	for i := range workloads {
		o.workloads = append(o.workloads, &workloads[i])
	}
	if *names != "" {
		o.workloads = nil
		for id := range strings.SplitSeq(*names, ",") {
			at := slices.IndexFunc(workloads, func(w workload) bool { return w.id == id })
			if at < 0 {
				var all []string
				for i := range workloads {
					all = append(all, workloads[i].id)
				}
				return nil, fmt.Errorf("--workloads %s: there is no %q: there are %s", *names, id, strings.Join(all, ", "))
			}
			if !slices.Contains(o.workloads, &workloads[at]) {
				o.workloads = append(o.workloads, &workloads[at])
			}
		}
	}
	var err error
	if o.peers, err = choose(*peers, also); err != nil {
		return nil, err
	}
	o.cores, err = readCores(*cores, runtime.NumCPU())
	return o, err
}

// readCores reads a list of numbers of cores, each once. All is as many as there are.
func readCores(list string, all int) (cores []int, err error) {
	for part := range strings.SplitSeq(list, ",") {
		n := all
		if part != "all" {
			if n, err = strconv.Atoi(part); err != nil || n < 1 || n > all {
				return nil, fmt.Errorf("--cores %s: %q must be 1 to %d, or all", list, part, all)
			}
		}
		if !slices.Contains(cores, n) {
			cores = append(cores, n)
		}
	}
	return cores, nil
}

// measure runs all workloads with files in a folder. How far it has come goes to progress.
func (o *options) measure(folder string, progress io.Writer) (*report, error) {
	how := programs{also: o.also, python: findPython(o.python), script: filepath.Join(folder, "worker.py")}
	how.gopeers = sync.OnceValues(func() (string, error) {
		fmt.Fprintln(progress, "building the Go peers")
		return buildGoPeers(folder)
	})
	if err := os.WriteFile(how.script, pythonWorker, 0o644); err != nil {
		return nil, err
	}
	r := &report{Machine: thisMachine(), Rounds: o.rounds, Seconds: o.seconds}
	for _, cores := range o.cores {
		for _, w := range o.workloads {
			file := filepath.Join(folder, w.name+".safetensors")
			if _, err := os.Stat(file); err != nil {
				if err := weights.Write(file, w.file()); err != nil {
					return nil, err
				}
			}
			s := settings{rounds: o.rounds, seconds: o.seconds, cores: cores, log: progress}
			r.Results = append(r.Results, race(w, file, o.peers, how, s)...)
		}
	}
	return r, nil
}
