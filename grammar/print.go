package grammar

// String gives the tree as text: one statement per line, without comments,
// the same for the same tree. Parsing it gives the same tree, places aside.
func (f *File) String() string { return "" }

// String gives the expression in its canonical form: no blanks, and
// parentheses only where the tree needs them.
func (e *Expr) String() string { return "" }
