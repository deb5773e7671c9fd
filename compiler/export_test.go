package compiler

// WrittenUpTo returns the options for code in which an operation is written out if it costs at most so many others.
func (o Options) WrittenUpTo(most int) Options {
	o.written = most
	return o
}
