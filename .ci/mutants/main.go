// Command mutants changes the kernels' assembly, one instruction at a time, and says which changes the tests of package
// kernel do not notice. It is run by hand, where there is assembly, in the repository's root:
//
//	go run ./.ci/mutants -n 100
//
// Functions are drawn, and a line of each: it loses its instruction or gets another one, a number in it becomes
// another, or a register. Those for registers that the processor does not have are drawn too, and survive; those whose
// names end in Wide, which choose among widths, are not. A mutant that runs into the time limit was noticed. What survives is either a gap in the
// tests or makes no difference, such as a register that need not be cleared.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"log"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// others are instructions that take the same operands.
var others = map[string]string{
	"VFMADD231PS": "VFMADD213PS", "VADDPS": "VSUBPS", "VSUBPS": "VADDPS", "VMULPS": "VADDPS", "VDIVPS": "VMULPS",
	"VMAXPS": "VMINPS", "VMINPS": "VMAXPS", "VANDPS": "VORPS", "VORPS": "VANDPS", "VXORPS": "VORPS", "VADDSS": "VSUBSS",
	"VUNPCKLPS": "VUNPCKHPS", "VUNPCKHPS": "VUNPCKLPS", "VSQRTPS": "VMOVUPS", "VADDPD": "VSUBPD", "VSUBPD": "VADDPD",
	"VMULPD": "VADDPD", "VDIVPD": "VMULPD", "VUNPCKLPD": "VUNPCKHPD", "VUNPCKHPD": "VUNPCKLPD", "VPADDQ": "VPSUBQ",
	"VPXOR": "VPOR", "VPAND": "VPOR", "VPOR": "VPAND", "VPXORD": "VPORD", "VPSRLQ": "VPSLLQ", "VPMULUDQ": "VPMULDQ",
	"VPMAXUD": "VPMAXSD", "ADDQ": "SUBQ", "SUBQ": "ADDQ",
	"JL": "JLE", "JLE": "JL", "JG": "JGE", "JGE": "JG", "JE": "JNE", "JNE": "JE", "JZ": "JNZ", "JNZ": "JZ",
}

var (
	instruction  = regexp.MustCompile(`^\t([A-Z0-9]+)\b`)
	immediate    = regexp.MustCompile(`\$0x[0-9a-f]+`)
	displacement = regexp.MustCompile(`(-?\d*)\(([A-Z][A-Z0-9]*)\)`)
	vector       = regexp.MustCompile(`\b([KYZ])(\d+)\b`)
)

// mutations change a line; those that do not fit return it as it is.
var mutations = map[string]func(line string) string{
	"without": func(string) string { return "" },
	"other": func(line string) string {
		name := instruction.FindStringSubmatch(line)[1]
		if other, ok := others[name]; ok {
			return strings.Replace(line, name, other, 1)
		}
		return line
	},
	"number": func(line string) string {
		at := immediate.FindStringIndex(line)
		if at == nil {
			return line
		}
		n, err := strconv.ParseUint(line[at[0]+3:at[1]], 16, 64)
		if err != nil {
			log.Fatal(err)
		}
		return fmt.Sprintf("%s$0x%02x%s", line[:at[0]], n+1, line[at[1]:])
	},
	"address": func(line string) string {
		at := displacement.FindStringSubmatchIndex(line)
		if at == nil || strings.Contains(line, "(FP)") {
			return line
		}
		n, _ := strconv.Atoi(line[at[2]:at[3]]) // 0 where there is none
		return fmt.Sprintf("%s%d%s", line[:at[2]], n+4, line[at[3]:])
	},
	"register": func(line string) string {
		at := vector.FindAllStringSubmatchIndex(line, -1)
		if at == nil {
			return line
		}
		last := at[len(at)-1]
		n, _ := strconv.Atoi(line[last[4]:last[5]])
		other := n ^ 1
		if line[last[2]] == 'K' {
			other = n%7 + 1 // K0 selects all, and may not stand there
		}
		return line[:last[4]] + strconv.Itoa(other) + line[last[5]:]
	},
}

// function is the lines of one in its file.
type function struct {
	file, name string
	lines      []int
}

func main() {
	log.SetFlags(0)
	n := flag.Int("n", 100, "how many mutants")
	seed := flag.Uint64("seed", 0, "of what is drawn")
	only := flag.String("only", "", "of functions whose name matches this alone")
	flag.Parse()

	texts, functions := assembly(regexp.MustCompile(*only))
	names := []string{"without", "other", "number", "address", "register"}
	r := rand.New(rand.NewPCG(*seed, 0))
	caught, survivors := 0, 0
	for caught+survivors < *n {
		f := functions[r.IntN(len(functions))]
		at, name := f.lines[r.IntN(len(f.lines))], names[r.IntN(len(names))]
		line := texts[f.file][at]
		mutant := mutations[name](line)
		if mutant == line {
			continue
		}
		what := fmt.Sprintf("%s:%d: %s: %q became %q", f.file, at+1, f.name, strings.TrimSpace(line), strings.TrimSpace(mutant))
		texts[f.file][at] = mutant
		noticed, err := noticed(f.file, texts[f.file])
		texts[f.file][at] = line
		switch {
		case err != nil:
			log.Fatalf("%s: %v", what, err)
		case noticed:
			caught++
		default:
			survivors++
			fmt.Println(what)
		}
	}
	fmt.Printf("%d of %d mutants were noticed\n", caught, caught+survivors)
}

// assembly reads the files of assembly and finds their functions.
func assembly(only *regexp.Regexp) (texts map[string][]string, functions []function) {
	files, err := filepath.Glob("runtime/kernel/*_amd64.s")
	if err != nil || len(files) == 0 {
		log.Fatal("there is no assembly here: run it in the repository's root")
	}
	texts = map[string][]string{}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			log.Fatal(err)
		}
		lines := strings.Split(string(text), "\n")
		texts[file] = lines
		var in *function
		for i, line := range lines {
			if name, ok := strings.CutPrefix(line, "TEXT ·"); ok {
				name, _, _ = strings.Cut(name, "(")
				in = nil
				if name != "cpuid" && name != "xgetbv" && !strings.HasSuffix(name, "Wide") && only.MatchString(name) {
					functions = append(functions, function{file: file, name: name})
					in = &functions[len(functions)-1]
				}
			}
			found := instruction.FindStringSubmatch(line)
			if in != nil && found != nil && found[1] != "RET" && found[1] != "VZEROUPPER" {
				in.lines = append(in.lines, i)
			}
		}
	}
	return texts, functions
}

// noticed reports whether the tests fail when the file has those lines.
func noticed(file string, lines []string) (bool, error) {
	dir, err := os.MkdirTemp("", "mutants-")
	if err != nil {
		return false, err
	}
	defer os.RemoveAll(dir)
	mutant, overlay := filepath.Join(dir, "mutant.s"), filepath.Join(dir, "overlay.json")
	path, err := filepath.Abs(file)
	if err != nil {
		return false, err
	}
	replace, err := json.Marshal(map[string]map[string]string{"Replace": {path: mutant}})
	if err != nil {
		return false, err
	}
	err = errors.Join(os.WriteFile(mutant, []byte(strings.Join(lines, "\n")), 0o600), os.WriteFile(overlay, replace, 0o600))
	if err != nil {
		return false, err
	}
	binary := filepath.Join(dir, "kernel.test")
	build := exec.Command("go", "test", "-c", "-overlay", overlay, "-o", binary, "./runtime/kernel")
	if out, err := build.CombinedOutput(); err != nil {
		return false, fmt.Errorf("%w\n%s", err, out)
	}
	for _, tests := range []string{"AgreeWithPortableCode", "."} { // those that notice most come first
		if failed, err := fails(binary, tests); failed || err != nil {
			return failed, err
		}
	}
	return false, nil
}

// fails reports whether tests fail, or take more than a minute.
func fails(binary, tests string) (bool, error) {
	ctx, stop := context.WithTimeout(context.Background(), time.Minute)
	defer stop()
	test := exec.CommandContext(ctx, binary, "-test.failfast", "-test.run", tests)
	test.Dir = "runtime/kernel"
	var exit *exec.ExitError
	err := test.Run()
	if err == nil || errors.As(err, &exit) {
		return err != nil, nil
	}
	return false, err
}
