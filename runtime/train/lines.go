package train

import "io"

// atOnce is how many bytes of lines are written at a time. A pipe takes so few wholly or not at all, on every
// system, so that a process that is killed while it writes leaves no half line behind.
const atOnce = 4096

// wholeLines gives w whole lines only, several at a time. What is written to it is a part of a line until end.
type wholeLines struct {
	w     io.Writer
	held  []byte
	whole int // bytes of held that are lines
}

func (l *wholeLines) Write(part []byte) (int, error) {
	l.held = append(l.held, part...)
	return len(part), nil
}

// end ends a line. The lines before it are written if all together are more than go at once.
func (l *wholeLines) end() error {
	if len(l.held) > atOnce {
		if err := l.flush(); err != nil {
			return err
		}
	}
	l.whole = len(l.held)
	return nil
}

// flush writes the lines that have ended.
func (l *wholeLines) flush() error {
	if l.whole == 0 {
		return nil
	}
	_, err := l.w.Write(l.held[:l.whole])
	l.held = l.held[:copy(l.held, l.held[l.whole:])]
	l.whole = 0
	return err
}
